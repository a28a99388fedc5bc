import { describe, expect, it } from 'vitest';
import { nextTaskStatus, taskEvents, taskStatuses } from '@actp/shared/tasks/state';
import { openDatabase } from '@actp/testing/stores';

const stores = await openDatabase();
const pairs = taskStatuses.flatMap((status) => taskEvents.map((event) => ({ status, event })));
const legal = pairs.filter(({ status, event }) => nextTaskStatus(status, event) !== undefined);

describe('[TASK-003] the life of a task', () => {
  it('is the same table in the database and in code', async () => {
    const { rows } = await stores.sql.query<{ status: string; event: string; next: string | null }>(
      `select s.status, e.event, next_task_status(s.status, e.event) as next
       from unnest($1::text[]) s (status), unnest($2::text[]) e (event)`,
      [taskStatuses, taskEvents],
    );
    expect(rows).toHaveLength(pairs.length);
    for (const { status, event, next } of rows) {
      const pair = pairs.find((one) => one.status === status && one.event === event);
      expect([status, event, next]).toEqual([
        status,
        event,
        pair === undefined ? undefined : (nextTaskStatus(pair.status, pair.event) ?? null),
      ]);
    }
  });

  it('has these thirteen changes and no other', () => {
    expect(legal.map(({ status, event }) => `${status} ${event} ${nextTaskStatus(status, event)}`)).toEqual([
      'queued start running',
      'queued fail failed',
      'queued cancel cancelled',
      'running ask awaiting_approval',
      'running succeed succeeded',
      'running fail failed',
      'running reject rejected',
      'running cancel cancelled',
      'awaiting_approval resume running',
      'awaiting_approval fail failed',
      'awaiting_approval reject rejected',
      'awaiting_approval cancel cancelled',
      'failed happened succeeded',
    ]);
  });

  it.each(pairs.filter((pair) => !legal.includes(pair)))(
    'changes nothing when it is $status and should $event',
    async ({ status, event }) => {
      const ended = !['queued', 'running', 'awaiting_approval'].includes(status);
      const { rows } = await stores.sql.query<{ id: string }>(
        `insert into actp_tasks (user_id, prompt, max_spend_minor, status, ended_at)
         values (gen_random_uuid(), 'p', 0, $1, case when $2 then now() end) returning id`,
        [status, ended],
      );
      const id = rows[0]?.id;
      await expect(
        stores.sql.query(`select note_task_step($1, $2, 'step', null)`, [id, event]),
      ).rejects.toThrow(`a task that is ${status} cannot ${event}`);
      const after = await stores.sql.query('select status, version from actp_tasks where id = $1', [id]);
      expect(after.rows[0]).toEqual({ status, version: 1 });
    },
  );
});
