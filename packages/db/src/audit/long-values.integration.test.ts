import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, context, digest, payload } from '../approvals/approvals.fixture.ts';
import { taskCalls } from '../tasks/tasks.fixture.ts';
import { rowsLeftBy } from './rows.fixture.ts';

const { sql } = await openDatabase();
const tasks = taskCalls(sql);
const { call } = tasks;

const operator = 'operator:op@example.com';
// No letters in a row of one kind that anything takes for a secret.
const words = (length: number) => 'so it is said '.repeat(400).slice(0, length);
const longer = words(3_000);
const wordy = { ...context, user_agent: words(600), agent_id: 'agent-1' };

const denied = (action: string) => ({
  ...{ action, details: {}, requested_by: 'agent-1', ttl_seconds: 60, grant_seconds: 60 },
  ...{ action_digest: digest, payload_digest: payload, denied: { rule: 'gate:x', reasons: ['no'] } },
});
const lengthOf = async (column: string, table: string, where = 'true', ...values: unknown[]) => {
  const { rows } = await sql.query<{ length: number }>(
    `select char_length(${column}) as length from ${table} where ${where}`,
    values,
  );
  return rows.map(({ length }) => length);
};

beforeEach(() => tasks.operators());

describe('a row of the audit log about a call with long headers and names', () => {
  const asked = () => approvalCalls(sql).request();
  const works: Array<[name: string, work: () => Promise<unknown>]> = [
    [
      'about an approval',
      async () => {
        const { id } = await asked();
        return call(
          'decide_approval($1, $2, $3, $4, null, null, $5)',
          id,
          'approved',
          digest,
          operator,
          wordy,
        );
      },
    ],
    [
      'about a request that the policy denies',
      () => call('request_approval($1, $2)', denied('dm.bulk_send'), wordy),
    ],
    [
      'about a request that is stopped',
      async () => {
        await call(`set_kill_switch('action:ads.stopped', 'because', $1, '{}')`, operator);
        return call('request_approval($1, $2)', { ...denied('ads.stopped'), denied: null }, wordy);
      },
    ],
    ['about a change', () => call(`set_kill_switch('agent:x', 'because', $1, $2)`, operator, wordy)],
    [
      'about a task',
      async () => {
        const owner = await tasks.owner();
        return call(
          'create_task($1, $2)',
          { user_id: owner.id, prompt: 'post it', most_minor: 0 },
          { ...wordy, session_id: owner.session },
        );
      },
    ],
    [
      'about money',
      async () => {
        const { id } = await tasks.owner();
        const reservation = {
          ...{ id: randomUUID(), user_id: id, budget_minor: 1_000, amount_minor: 5, ttl_seconds: 60 },
          ...{ task_id: randomUUID(), agent: 'purchase' },
        };
        return call('reserve_spend($1, $2)', reservation, wordy);
      },
    ],
  ];
  it.each(works)('%s is written, with as much of them as it holds', async (_name, work) => {
    const rows = await rowsLeftBy(sql, work);
    const wide = rows.filter(({ user_agent }) => (user_agent ?? '').length > 20);
    expect(wide.length).toBeGreaterThan(0);
    for (const { user_agent: kept } of wide) expect(kept).toBe(words(512));
  });
});

describe('a reason that is longer than its place is cut there:', () => {
  it('of decisions and of replies to a card', async () => {
    const { id } = await approvalCalls(sql).request();
    await call('decide_approval($1, $2, $3, $4, $5, null, $6)', id, 'rejected', digest, operator, longer, {});
    expect(await lengthOf('decision_reason', 'actp_approval_queue', 'id = $1', id)).toEqual([2_000]);
  });

  it('of callbacks', async () => {
    const { id } = await approvalCalls(sql).request({ callback_url: 'https://example.com/back' });
    await call('decide_approval($1, $2, $3, $4, null, null, $5)', id, 'approved', digest, operator, context);
    await sql.query(
      `select record_callback(approval_id, version, 'waiting', $2, 60) from actp_approval_callbacks where approval_id = $1`,
      [id, longer],
    );
    expect(await lengthOf('last_error', 'actp_approval_callbacks', 'approval_id = $1', id)).toContain(500);
  });

  it('of stopped scopes, when they are stopped and when they are lifted', async () => {
    await call(`prepare_kill_switch('stop', 'agent:long', null, $1, $2, '-1')`, longer, operator);
    await call(`set_kill_switch('agent:long', $1, $2, '{}')`, longer, operator);
    await call(`lift_kill_switch('agent:long', null, $1, $2, '{}')`, longer, operator);
    expect(await lengthOf('reason', 'actp_kill_switch_commands')).toEqual([500]);
    expect(await lengthOf('reason', 'actp_kill_switches', `scope = 'agent:long'`)).toEqual([500]);
    expect(await lengthOf('lift_reason', 'actp_kill_switches', `scope = 'agent:long'`)).toEqual([500]);
  });

  it('of damage that an operator has seen', async () => {
    await call(`acknowledge_audit_damage('[{}]', null, null, $1, $2, '{}')`, longer, operator);
    expect(await lengthOf('reason', 'actp_audit.acknowledgements')).toEqual([500]);
  });

  it('of what Telegram says of itself and of people', async () => {
    await call(`note_telegram_refusal('-1', 'text', $1)`, longer);
    await call('note_telegram_person(7, $1)', longer);
    expect(await lengthOf('reason', 'actp_telegram_refusals')).toEqual([200]);
    expect(await lengthOf('name', 'actp_telegram_people')).toEqual([64]);
  });
});

describe('a task', () => {
  it('has steps with names and reasons that are cut', async () => {
    const id = await tasks.claimed();
    const tool = 'look-it-up.'.repeat(10);
    expect(await call(`add_task_step($1, 'one', $2, '{}', true)`, id, tool)).toBe(true);
    expect(await call(`delay_task($1, 'one', 5, $2)`, id, longer)).toBe(true);
    expect(await lengthOf('name', 'actp_task_steps', 'task_id = $1', id)).toContain(64);
    expect(
      await lengthOf(`facts ->> 'reason'`, 'actp_task_steps', `task_id = $1 and name = 'delayed'`, id),
    ).toEqual([500]);
    const { rows } = await sql.query<{ action: string }>(
      `select action_type as action from actp_agent_audit_log where task_id = $1 and action_type like 'tasks.tool.%'`,
      [id],
    );
    expect(rows).toEqual([{ action: `tasks.tool.${tool.slice(0, 64)}` }]);
  });

  it.each([
    [-5, 0],
    [120_000, 2],
    [3_600_000, 60],
    [86_400_000, 60],
  ])('that is let go for %d ms is due in %d minutes', async (milliseconds, minutes) => {
    const id = await tasks.claimed();
    await call(`delay_task($1, 'one', $2, 'busy')`, id, milliseconds);
    expect((await tasks.rowOf(id)).due).toBe(minutes);
  });

  it.each([
    [0, false],
    [1, true],
    [3_600, true],
    [3_601, false],
  ])('is held for %d seconds: %s', async (seconds, may) => {
    const id = await tasks.claimed();
    const { rows } = await sql.query(`select hold_tasks($1, 'one', $2) as id`, [[id], seconds]);
    expect(rows).toEqual(may ? [{ id }] : []);
    const other = await tasks.task();
    const taken = await tasks.claim(other, 'one', seconds).then(
      ({ result }) => result,
      (error: unknown) => String(error),
    );
    expect(taken).toMatch(may ? /^claimed$/ : /from 1 to 3600/);
  });

  it('has effects and an end that are told in what fits', async () => {
    const { id, effect } = await tasks.released();
    await tasks.record(id, effect, { state: 'unknown', reason: longer, reference: longer });
    const found = await tasks.effectOf(effect);
    expect([String(found?.['reason']).length, String(found?.['reference']).length]).toEqual([2_000, 512]);
    const other = await tasks.claimed();
    await tasks.finish(other, { event: 'fail', error: longer, error_code: 'agent_failed', agent: longer });
    expect((await tasks.rowOf(other)).error?.length).toBe(2_000);
    expect(await lengthOf('agent', 'actp_tasks', 'id = $1', other)).toEqual([128]);
  });
});

describe('events that a program writes', () => {
  const events = (count: number) =>
    JSON.stringify(
      Array.from({ length: count }, () => ({
        event_id: randomUUID(),
        agent_id: 'agent-1',
        action_type: 'ads.deploy',
        status: 'ok',
      })),
    );

  it('are 500 at most at a time', async () => {
    await expect(sql.query('select write_audit_events($1)', [events(501)])).rejects.toThrow('up to 500');
    await expect(sql.query(`select write_audit_events('{}')`)).rejects.toThrow('up to 500');
    await sql.query('select write_audit_events($1)', [events(500)]);
  });
});

// The last one: nothing goes on in a plane that is held.
describe('the reason of a plane', () => {
  it('whose anchor cannot be written, or that is held, is cut where its place ends', async () => {
    await call('note_anchor_problem($1)', longer);
    await call(`hold_plane('behind', $1, null, null)`, longer);
    expect(await lengthOf('anchor_problem', 'actp_audit.plane')).toEqual([1_000]);
    expect(await lengthOf('held_reason', 'actp_audit.plane')).toEqual([1_000]);
  });
});
