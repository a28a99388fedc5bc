import { createTaskStore } from '@actp/services/tasks/task-store';
import { describe, expect, it } from 'vitest';
import { partsOfTest } from './agents.fixture.ts';
import { openExecutor } from './executor.fixture.ts';

const bench = await openExecutor();
const { sql } = bench;

describe('turns', () => {
  it('are taken: many slow tasks of one user do not hold up those of another', async () => {
    let release = () => undefined as void;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const parts = partsOfTest({ resendUrl: bench.resend.url });
    const { parseIntent } = parts;
    await bench.start({
      parts: {
        ...parts,
        parseIntent: async (prompt, ...rest) => {
          if (prompt === 'read slowly') await slow;
          return parseIntent(prompt, ...rest);
        },
      },
    });
    const [one, other] = [await bench.user(), await bench.user()];
    const ids = await Promise.all(Array.from({ length: 30 }, () => bench.ask(one, 'read slowly')));
    expect(await bench.ended(await bench.ask(other, 'read birds'))).toMatchObject({ status: 'succeeded' });
    const { rows } = await sql.query<{ n: number }>(
      'select count(*)::int as n from actp_tasks where user_id = $1 and holder is not null',
      [one.id],
    );
    expect(rows[0]?.n).toBeLessThanOrEqual(4);
    release();
    for (const id of ids) expect(await bench.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('[SEC-012] end while an operator has stopped the executor, and go on afterwards', async () => {
    await sql.query(`select set_kill_switch('agent:executor', 'r', 'operator:op@example.com', '{}')`);
    await bench.start();
    const id = await bench.ask(await bench.user(), 'read birds');
    const claimed = await createTaskStore(bench.executorDb, 'other', 5).claim(id);
    expect(claimed).toEqual({ result: 'later' });
    expect(await bench.read(id)).toMatchObject({ status: 'queued' });
    await sql.query('delete from actp_kill_switches');
    await sql.query('update actp_tasks set due_at = now() where id = $1', [id]);
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded' });
  });
});
