import pg from 'pg';
import { AppError } from '@actp/shared/errors';

const connectMs = 5_000;

/**
 * Works in the database as its owner, on a connection of its own.
 *
 * @throws AppError with a remedy when nobody gets in
 */
export async function asOwner<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectMs });
  // A connection that breaks while idle reports here; the query in hand, or the next one, is rejected as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'Cannot connect to DATABASE_URL.\nStart the database, or correct DATABASE_URL.',
      { cause },
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
