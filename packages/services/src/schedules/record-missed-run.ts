import type { Db } from '@actp/db/client';
import type { Tick } from './run-tick.ts';

/**
 * Records that nobody took a tick up, with a message for the operators.
 *
 * @returns the notification's id; null when this tick has been recorded before
 */
export const recordMissedRun = (db: Db, { schedule, dueAt }: Tick, body: string): Promise<string | null> =>
  db.call((client) =>
    client.rpc('record_missed_run', {
      p_schedule: schedule,
      p_due_at: dueAt.toISOString(),
      p_body: body,
    }),
  );
