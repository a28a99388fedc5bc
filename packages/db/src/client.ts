import { createClient, type PostgrestError, type SupabaseClient } from '@supabase/supabase-js';
import { AppError, PlaneHeldError, UnavailableError, type ErrorCode } from '@actp/shared/errors';
import type { ConfigOf } from '@actp/shared/config';
import { settings } from '@actp/shared/settings';
import type { DatabaseApp } from './access/app-key.ts';
import type { Database } from './database-types.ts';
import { tracedFetch } from './traced-fetch.ts';

export type Client = SupabaseClient<Database>;

/** The settings that say which database is used; part of every app's configuration that needs it. */
export const dbShape = {
  SUPABASE_URL: settings.SUPABASE_URL,
  SUPABASE_SERVICE_ROLE_KEY: settings.SUPABASE_SERVICE_ROLE_KEY,
  // Derived from DATABASE_APP_SECRET for each app, by the supervisor.
  DATABASE_APP_KEY: settings.SUPABASE_SERVICE_ROLE_KEY,
};

/** What a supabase-js query builder gives when awaited. */
interface QueryResult<T> {
  data: T;
  error: PostgrestError | null;
  status: number;
}

interface Query<T> extends PromiseLike<QueryResult<T>> {
  abortSignal(signal: AbortSignal): PromiseLike<QueryResult<T>>;
}

/** The database refused or failed. `sqlState` is Postgres' or PostgREST's code, for instance `23505` or `PGRST202`. */
export class DbError extends AppError {
  override readonly name = 'DbError';
  readonly sqlState: string;

  constructor(code: ErrorCode, sqlState: string, message: string) {
    super(code, message);
    this.sqlState = sqlState;
  }
}

export interface Db {
  /**
   * Runs one query; the only way anything here talks to the database.
   *
   * @param build makes the query, for instance `(db) => db.rpc('reap_selftest_runs')`
   * @throws UnavailableError when no answer comes within the time-out: whether a write was committed is then unknown
   * @throws DbError for every other failure
   */
  call<T>(build: (client: Client) => Query<T>): Promise<NonNullable<T>>;
}

// Below the 2 s within which a caller has to hear no.
const defaultTimeoutMs = 1_700;

/**
 * Connects to Supabase (hosted, or the embedded stack) with the rights of one app. Nothing is sent until the first call.
 *
 * @param app whose rights are asked for: the database role `actp_<app>`. DATABASE_APP_KEY has to be registered for it
 */
export function createDb(
  target: ConfigOf<typeof dbShape>,
  app: DatabaseApp,
  timeoutMs = defaultTimeoutMs,
): Db {
  const client = createClient<Database>(target.SUPABASE_URL, target.SUPABASE_SERVICE_ROLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { headers: { 'x-actp-app': app, 'x-actp-app-key': target.DATABASE_APP_KEY }, fetch: tracedFetch },
    // Its own retries last up to 7 s; whoever waits here wants an answer within 2.
    db: { retry: false },
  });
  return {
    async call(build) {
      const { data, error, status } = await build(client).abortSignal(AbortSignal.timeout(timeoutMs));
      if (error) throw toError(error, status);
      // A void function answers null: nothing to read, and no caller reads it.
      return data as NonNullable<typeof data>;
    },
  };
}

/** The SQLSTATE of `assert_may_act`: the account was disabled or the session has ended since the caller was let through. */
export const mayNotAct = 'AC401';

/** The SQLSTATE of `assert_not_held`: nothing may be released or decided. */
const planeHeld = 'AC503';

const byState: ReadonlyArray<[prefix: string, code: ErrorCode]> = [
  ['23505', 'conflict'],
  ['23', 'validation_failed'],
  ['22', 'validation_failed'],
  ['42501', 'forbidden'],
  ['PT401', 'forbidden'],
  [mayNotAct, 'forbidden'],
];

// 08 connection, 53 resources (disk full, too many connections), 57 operator (shutdown, cancel), 58 system.
const away = /^(?:PGRST00[0-3]|08|53|57|58)/;

function toError(error: PostgrestError, status: number): AppError {
  const state = error.code ?? '';
  // Status 0 or an empty code: no answer of the database at all (refused, reset, timed out).
  if (status === 0 || state === '' || status >= 502 || away.test(state)) {
    return new UnavailableError('the database', { cause: error });
  }
  if (state === planeHeld) {
    return new PlaneHeldError(error.message, { passing: error.details === 'unconfirmed', cause: error });
  }
  const code = byState.find(([prefix]) => state.startsWith(prefix))?.[1] ?? 'internal';
  return new DbError(code, state, error.message);
}
