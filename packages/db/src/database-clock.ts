import type { Db } from './client.ts';

/** What time it is by the database, in milliseconds since the epoch: the one clock that every process shares. */
export async function databaseClock(db: Db): Promise<number> {
  return new Date(await db.call((client) => client.rpc('database_clock'))).getTime();
}
