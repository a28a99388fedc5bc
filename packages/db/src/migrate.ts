import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import pg from 'pg';
import { AppError, messageOf } from '@actp/shared/errors';
import { redact } from '@actp/redaction/redact';
import { asOwner } from './as-owner.ts';
import { applyFunctions } from './functions/apply-functions.ts';
import { readFunctionFiles } from './functions/read-function-files.ts';
import { assertOwnSession } from './own-session.ts';
import { migrationVersions } from './migration-versions.ts';

const packageDir = join(import.meta.dirname, '..');
// Far more than all migrations take on an empty database; an index on a large table may need it.
const deadlineMs = 10 * 60_000;
const keptLines = 15;

export interface MigrateResult {
  /** Versions that were applied now; empty when the database was up to date. */
  applied: string[];
  /** Function files that were applied now. */
  functions: string[];
  /** Set when a newer release has migrated this database; its functions are left alone. */
  notice: string | undefined;
}

/**
 * Brings a database up to the newest migration, with the Supabase CLI (any Postgres, no Docker), and then to the functions in
 * `packages/db/sql`. The CLI needs about a second to start, so it is not asked when its own table says that nothing is missing.
 *
 * @param options.databaseUrl of the owner; the password goes to the CLI through its environment, never on its command line
 * @throws AppError with what the CLI said, redacted, or with the function file that cannot be applied
 */
export async function migrate(options: { databaseUrl: string }): Promise<MigrateResult> {
  return asOwner(options.databaseUrl, async (client) => {
    await assertOwnSession(client, options.databaseUrl);
    // Copies that start at the same moment take turns; the second finds nothing left to do.
    await client.query(`select pg_advisory_lock(hashtext('actp.migrate'))`);
    const versions = await migrationVersions();
    const missing = await missingVersions(client, versions);
    if (missing.length > 0) {
      await runCli(options.databaseUrl, packageDir);
      await client.query(`notify pgrst, 'reload schema'`);
    }
    const { applied, newerRelease } = await applyFunctions({
      client,
      files: await readFunctionFiles(),
      release: versions.at(-1) ?? '',
      all: missing.length > 0,
    });
    return { applied: missing, functions: applied, notice: newerRelease && noticeOf(newerRelease) };
  });
}

/**
 * Brings an empty database to what an earlier release had: its migrations, without any function file. For a backup of that release,
 * whose rows fit no other tables. `migrate` does the rest afterwards.
 *
 * @param options.versions the migrations of that release
 */
export async function migrateTo(options: {
  databaseUrl: string;
  versions: readonly string[];
}): Promise<void> {
  await asOwner(options.databaseUrl, async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('actp.migrate'))`);
    if ((await missingVersions(client, [...options.versions])).length === 0) return;
    const folder = await mkdtemp(join(tmpdir(), 'actp-migrations-'));
    try {
      const target = join(folder, 'supabase', 'migrations');
      await mkdir(target, { recursive: true });
      const source = join(packageDir, 'supabase', 'migrations');
      for (const file of await readdir(source)) {
        if (options.versions.some((version) => file.startsWith(`${version}_`))) {
          await copyFile(join(source, file), join(target, file));
        }
      }
      await runCli(options.databaseUrl, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function runCli(databaseUrl: string, workdir: string): Promise<void> {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const cli = createRequire(import.meta.url).resolve('supabase/dist/supabase.js');
  const words = ['migration', 'up', `--remote=${url.href}`, '--yes', '--workdir', workdir];
  try {
    await promisify(execFile)(process.execPath, [cli, ...words], {
      timeout: deadlineMs,
      env: {
        PGPASSWORD: password,
        // It keeps notes in its home; ours must not land in the operator's.
        HOME: join(packageDir, 'node_modules', '.cache'),
        // It asks nobody outside for anything.
        SUPABASE_TELEMETRY_DISABLED: '1',
        SUPABASE_NO_UPDATE_NOTIFIER: '1',
        DO_NOT_TRACK: '1',
      },
    });
  } catch (error) {
    throw new AppError('internal', `The migrations failed:\n${redact(whatItSaid(error))}`, {
      cause: error,
    });
  }
}

// What the CLI printed says which migration failed and why; the command line in front of it does not matter.
function whatItSaid(error: unknown): string {
  const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return printed === '' ? messageOf(error) : printed.split('\n').slice(-keptLines).join('\n');
}

function noticeOf(newerRelease: string): string {
  return (
    `A newer release has migrated this database (to ${newerRelease}); its functions are left as they are. ` +
    'Start that release, or expect calls to fail.'
  );
}

async function missingVersions(client: pg.Client, versions: string[]): Promise<string[]> {
  try {
    const known = await client.query<{ version: string }>(
      'select version from supabase_migrations.schema_migrations',
    );
    const applied = new Set(known.rows.map((row) => row.version));
    return versions.filter((version) => !applied.has(version));
  } catch (error) {
    // Undefined table or schema: no migration ever ran here.
    if (error instanceof pg.DatabaseError && ['42P01', '3F000'].includes(error.code ?? '')) {
      return versions;
    }
    throw error;
  }
}
