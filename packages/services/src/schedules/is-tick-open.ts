import type { Db } from '@actp/db/client';
import type { Tick } from './run-tick.ts';

/**
 * Whether nobody has taken a tick up. Those from before the schedule was registered as it is now, and from before the first
 * start, are never open.
 */
export const isTickOpen = (db: Db, { schedule, dueAt }: Tick): Promise<boolean> =>
  db.call((client) => client.rpc('is_tick_open', { p_schedule: schedule, p_due_at: dueAt.toISOString() }));
