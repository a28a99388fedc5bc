import type { Db } from '@actp/db/client';
import type { CronEntry } from '@actp/shared/cron-table';

/** Tells the database which schedules are in use; ticks before that are nobody's. */
export async function registerSchedules(
  db: Db,
  entries: ReadonlyArray<Pick<CronEntry, 'name' | 'pattern'>>,
  tz: string,
): Promise<void> {
  const schedules = entries.map(({ name, pattern }) => ({ name, pattern, tz }));
  await db.call((client) => client.rpc('register_schedules', { p_schedules: schedules }));
}
