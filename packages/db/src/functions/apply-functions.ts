import type pg from 'pg';
import { checkDefinitions, signaturesOf } from './check-definitions.ts';
import { cannotApply } from './function-error.ts';
import type { FunctionFile } from './read-function-files.ts';

export interface FunctionsOptions {
  /** Signed in as the owner of the functions; it holds the migrator's lock. */
  client: pg.Client;
  files: FunctionFile[];
  /** The newest migration of this release. */
  release: string;
  /** Also those that have not changed: a migration may have dropped or replaced a function. */
  all: boolean;
}

export interface AppliedFunctions {
  /** The files that were applied now. */
  applied: string[];
  /** Set when a newer release has migrated this database: its newest migration. Nothing is changed then. */
  newerRelease: string | undefined;
}

interface Recorded {
  file: string;
  sha256: string;
  release: string;
}

/**
 * Applies the function files that have changed since the last time, all in one transaction: after a failure the database has
 * every function as it was. One query when nothing has changed.
 *
 * @throws AppError that names the file and what to do
 */
export async function applyFunctions(options: FunctionsOptions): Promise<AppliedFunctions> {
  const { client, files, release, all } = options;
  const { rows } = await client.query<Recorded>(
    'select file, sha256, release from actp_migrations.function_files',
  );
  const newest = rows
    .map((row) => row.release)
    .toSorted()
    .at(-1);
  if (newest !== undefined && newest > release) return { applied: [], newerRelease: newest };

  const recorded = new Map(rows.map((row) => [row.file, row.sha256]));
  const changed = all ? files : files.filter(({ file, sha256 }) => recorded.get(file) !== sha256);
  const known = new Set(files.map(({ file }) => file));
  const gone = rows.map(({ file }) => file).filter((file) => !known.has(file));
  if (changed.length + gone.length > 0) {
    await inTransaction(client, async () => {
      // Functions call each other: their bodies are checked when all are there. Nothing may depend on who applies them.
      await client.query(`set local check_function_bodies = off; set local search_path = ''`);
      const before = await signaturesOf(client, changed);
      await define(client, changed);
      await checkDefinitions(client, changed, before);
      await record(client, { changed, gone, release });
    });
  }
  return { applied: changed.map(({ file }) => file), newerRelease: undefined };
}

async function define(client: pg.Client, changed: FunctionFile[]): Promise<void> {
  for (const file of changed) {
    try {
      await client.query(file.text);
    } catch (error) {
      throw cannotApply(file, error);
    }
  }
}

async function record(
  client: pg.Client,
  { changed, gone, release }: { changed: FunctionFile[]; gone: string[]; release: string },
): Promise<void> {
  await client.query(
    `insert into actp_migrations.function_files (file, sha256, release)
     select f.file, f.sha256, $3 from unnest($1::text[], $2::text[]) as f (file, sha256)
     on conflict (file) do update
       set sha256 = excluded.sha256, release = excluded.release, applied_at = excluded.applied_at`,
    [changed.map(({ file }) => file), changed.map(({ sha256 }) => sha256), release],
  );
  await client.query('delete from actp_migrations.function_files where file = any ($1)', [gone]);
  await client.query(`notify pgrst, 'reload schema'`);
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    // A connection that broke has rolled back by itself, and must not hide why.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
