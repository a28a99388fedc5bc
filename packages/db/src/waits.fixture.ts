import type pg from 'pg';
import { eventually } from '@actp/testing/eventually';

type Statement = readonly [text: string, ...values: unknown[]];

/** Makes a call that waits for what somebody else has locked, who does one more thing before letting go, and gives its answer. */
export async function answerAfterWaiting<T>(
  sql: pg.Pool,
  { lock, meanwhile }: { lock: Statement; meanwhile?: Statement },
  call: () => Promise<T>,
): Promise<T> {
  const holder = await sql.connect();
  const run = ([text, ...values]: Statement) => holder.query(text, values);
  try {
    await holder.query('begin');
    await run(lock);
    let answered = false;
    const answer = call();
    const settle = () => (answered = true);
    answer.then(settle, settle);
    await eventually(async () => {
      const { rowCount } = await sql.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return answered || (rowCount ?? 0) > 0;
    });
    if (meanwhile) await run(meanwhile);
    await holder.query('commit');
    return await answer;
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}
