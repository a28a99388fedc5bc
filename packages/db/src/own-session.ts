import type pg from 'pg';
import { AppError } from '@actp/shared/errors';
import { asOwner } from './as-owner.ts';

/**
 * Refuses a pooler in transaction mode: there a lock belongs to nobody, and what one statement sets up is not there for the next. Two
 * connections have two sessions, unless something in between lends them out.
 *
 * @param client connected to the same address
 * @throws AppError with a remedy
 */
export async function assertOwnSession(client: pg.Client, databaseUrl: string): Promise<void> {
  const first = await sessionOf(client);
  const shared = await asOwner(databaseUrl, async (other) => {
    await other.query('begin');
    // While the other one holds its session, a pooler has to give us another than before.
    const theirs = await sessionOf(other);
    const second = await sessionOf(client);
    await other.query('rollback');
    return theirs === first || second !== first;
  });
  if (!shared) return;
  throw new AppError(
    'unavailable',
    'DATABASE_URL leads to a connection pooler in transaction mode, in which migrations cannot be applied.\n' +
      'Set DATABASE_URL to the database itself, or to the pooler in session mode (Supabase: port 5432 in place of 6543).',
  );
}

async function sessionOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}
