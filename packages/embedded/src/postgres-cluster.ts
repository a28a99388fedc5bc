import { existsSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureOwner } from './owner.ts';
import type { PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { runCommand } from './run-command.ts';
import { scramVerifier } from './scram.ts';
import { StartupError } from './startup-error.ts';

export interface Cluster {
  directory: string;
  binaries: PostgresBinaries;
  account: PostgresAccount;
}

// One second on an ordinary disk; a slow one must not be given up too early.
const timeoutMs = 120_000;
/** The only variables that Postgres gets: no locale and no time zone of the machine reaches the data. */
export const postgresEnv = { LC_ALL: 'C', TZ: 'UTC' };

/** Makes the data directory unless it is there, and sees to its owner. */
export async function ensureCluster(cluster: Cluster, password: string, fast: boolean) {
  if (!existsSync(join(cluster.directory, 'PG_VERSION'))) {
    await makeCluster(cluster, password, fast);
  }
  const { owner } = cluster.account;
  if (owner !== undefined) await ensureOwner(cluster.directory, owner.uid, owner.gid);
}

// Made beside its place and moved there when it is complete: an interrupted start leaves nothing half-made.
async function makeCluster(cluster: Cluster, password: string, fast: boolean): Promise<void> {
  const { directory, account, binaries } = cluster;
  const making = `${directory}.new`;
  const passwordFile = join(making, 'password');
  await rm(making, { recursive: true, force: true });
  await mkdir(join(making, 'data'), { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.owner !== undefined) {
    const { uid, gid } = account.owner;
    for (const path of [making, join(making, 'data'), passwordFile]) await chown(path, uid, gid);
  }
  const args = [
    `--pgdata=${join(making, 'data')}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts by code point everywhere, whatever locales the machine has; knows upper and lower case beyond ASCII.
    ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    '--locale=C',
    ...(fast ? ['--no-sync'] : []),
  ];
  const result = await runAs(cluster, binaries.initdb, args, making);
  if (!result.ok) {
    throw new StartupError(
      `Postgres could not create its data folder:\n${result.output}`,
      `Check the disk and the permissions of ${dirname(directory)}.`,
    );
  }
  await rename(join(making, 'data'), directory);
  await rm(making, { recursive: true, force: true });
}

/**
 * Sets the owner's password without knowing the old one, in single-user mode. The server must not be running.
 * For a data folder whose `.env` was lost: the folder is ours all the same.
 */
export async function resetPassword(cluster: Cluster, password: string): Promise<void> {
  const { directory, binaries } = cluster;
  const statement = `ALTER ROLE postgres PASSWORD '${scramVerifier(password)}'\n`;
  const args = ['--single', '-D', directory, 'postgres'];
  const result = await runAs(cluster, binaries.postgres, args, directory, statement);
  if (!result.ok) {
    throw new StartupError(
      `The password of the embedded Postgres could not be renewed:\n${result.output}`,
      'Put the old ACTP_POSTGRES_PASSWORD back into .env, or set ACTP_DATA_DIR to a new folder.',
    );
  }
}

function runAs({ account }: Cluster, program: string, args: readonly string[], cwd: string, input?: string) {
  const [first = program, ...rest] = [...account.words, program, ...args];
  return runCommand(first, rest, {
    cwd,
    env: postgresEnv,
    timeoutMs,
    ...account.user,
    ...(input === undefined ? {} : { input }),
  });
}
