import type { Db } from '../client.ts';

/**
 * Asks the database something that needs the key of the app.
 *
 * @param db as the gateway or the bot
 * @throws DbError when it rejects the key; UnavailableError when it cannot say
 */
export async function assertAccepted(db: Db): Promise<void> {
  await db.call((client) => client.rpc('active_kill_switches'));
}
