import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import pg from 'pg';
import { startStack, type Stack } from '@actp/embedded/stack';
import { atEnd } from './at-end.ts';

/** Stores that keep their data in a folder, for tests that stop them, copy the folder, and start them again. */
export interface FolderStores {
  env: { SUPABASE_URL: string; SUPABASE_SERVICE_ROLE_KEY: string; DATABASE_URL: string; REDIS_URL: string };
  /** The database's owner. */
  sql: pg.Pool;
  parts: Stack['parts'];
  stop(hard?: boolean): Promise<void>;
}

// Run, not imported: this package is below the one that migrates.
const migrateProgram = join(import.meta.dirname, '../../db/src/main.ts');
const secret = 'a-secret-of-folder-stores-0123456789abcdef';

/**
 * Starts Postgres, PostgREST and Redis in a folder; they end with the test file.
 *
 * @param options.appSecret DATABASE_APP_SECRET
 * @param options.migrate false: the folder is one that was migrated before
 * @param options.durable with fsync, as `npm start` has them
 */
export async function openFolderStores(
  dataDir: string,
  options: { appSecret: string; migrate: boolean; durable?: boolean },
): Promise<FolderStores> {
  const stack = await startStack({
    dataDir,
    secrets: { postgresPassword: secret, jwtSecret: secret, redisPassword: secret },
    fast: options.durable !== true,
    prepareDatabase: async (databaseUrl) => {
      if (!options.migrate) return;
      await promisify(execFile)(process.execPath, [migrateProgram], {
        env: { DATABASE_URL: databaseUrl, DATABASE_APP_SECRET: options.appSecret },
      });
    },
  });
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL } = stack.env;
  if (!SUPABASE_URL || !SUPABASE_SERVICE_ROLE_KEY || !DATABASE_URL || !REDIS_URL) {
    throw new Error('the stack has no address');
  }
  const sql = new pg.Pool({ connectionString: DATABASE_URL });
  // Connections are cut when Postgres is killed by a test.
  sql.on('error', () => undefined);
  let open = true;
  const stop = async (hard = false) => {
    if (open) await Promise.all([hard ? undefined : sql.end(), stack.stop(hard)]);
    open = false;
  };
  atEnd(() => stop());
  return {
    env: { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL, REDIS_URL },
    sql,
    parts: stack.parts,
    stop,
  };
}
