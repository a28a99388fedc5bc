import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { makeBackup, type BackupResult } from '@actp/db/backup/make-backup';
import type { Keys } from '@actp/db/backup/format';
import { awaitWrittenEvents } from '@actp/services/audit/await-written';
import { UnavailableError } from '@actp/shared/errors';
import { readEnvFile } from '@actp/shared/env-file/read';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { collectKeys } from '../../plane-keys/collect.ts';
import { createProgress } from '../../progress.ts';
import { programVersion } from '../../program-version.ts';
import { grouped, readableSize } from '../../units.ts';
import type { BackupFlags } from './flags.ts';
import { planeStores } from './plane-stores.ts';

/** Makes a backup of the running plane, and says what it has written. */
export async function writeBackup(cli: Cli, flags: BackupFlags): Promise<void> {
  const begun = performance.now();
  const { BACKUP_PASSPHRASE: passphrase } = await cli.plane.settings({
    BACKUP_PASSPHRASE: settings.BACKUP_PASSPHRASE,
  });
  const { databaseUrl, redis } = await planeStores(cli);
  const encrypted = passphrase !== undefined;
  const path = await targetFile(flags.to, encrypted);
  const progress = createProgress(cli.err);
  if (flags.leaveWaiting !== true) {
    progress.show('Waiting for acknowledged audit events to be written');
    await settle(redis);
  }
  const keys = encrypted ? await keysOf(cli) : undefined;
  const result = await interruptible((signal) =>
    makeBackup({
      databaseUrl,
      path,
      passphrase,
      signal,
      release: programVersion(cli.root),
      keys,
      onProgress: (rows) => progress.show(`${grouped(rows)} rows`),
    }),
  );
  progress.end();
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  say(cli, flags, { path, encrypted, seconds, result });
}

function say(
  cli: Cli,
  flags: BackupFlags,
  {
    path,
    encrypted,
    seconds,
    result,
  }: { path: string; encrypted: boolean; seconds: number; result: BackupResult },
): void {
  const waited = flags.leaveWaiting !== true;
  if (flags.json === true) {
    cli.say(
      JSON.stringify({
        path,
        encrypted,
        keys: encrypted,
        seconds,
        waiting_events_included: waited,
        ...result,
      }),
    );
    return;
  }
  cli.say(`Backup written: ${path}`);
  cli.say(
    `  ${readableSize(result.bytes)}, ${grouped(result.rows)} rows of ${result.tables} tables, ${seconds} s`,
  );
  if (encrypted) {
    cli.say('  encrypted: yes; with the secrets and settings of .env and the configuration files');
  } else {
    cli.say('  encrypted: no (BACKUP_PASSPHRASE is not set), so that no secret of .env is in it.');
    cli.say(
      '  Keep .env yourself: without AUDIT_SIGNING_KEY the audit log cannot be continued under the same key.',
    );
  }
  if (!waited) cli.say('  Audit events that were in Redis alone are not in it.');
}

/** Every audit event that was acknowledged by now has to be in the database. */
async function settle(redis: RedisTarget): Promise<void> {
  const producer = createProducer({ redis, log: createLogger({ app: 'backup', level: 'silent' }) });
  try {
    await producer.ping();
    await awaitWrittenEvents({ producer });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new CliError(
      `Audit events that were acknowledged may be in Redis alone, and ${error.message}.\n` +
        'Start what is missing (npm run doctor), or leave them out with --leave-waiting.',
      { cause: error },
    );
  } finally {
    await producer.close();
  }
}

async function keysOf(cli: Cli): Promise<Keys> {
  const { values } = await readEnvFile(cli.plane.envFile);
  return collectKeys({
    root: cli.root,
    dataDir: await cli.plane.dataDir(),
    environment: await cli.plane.environment(),
    fileNames: Object.keys(values),
  });
}

/** @param given a file, or a folder that is there (or whose name ends with a slash) */
async function targetFile(given: string | undefined, encrypted: boolean): Promise<string> {
  const to = resolve(given ?? 'backups');
  const found = await stat(to).catch(() => undefined);
  const isFolder = found?.isDirectory() ?? (given === undefined || /[/\\]$/.test(given));
  if (!isFolder) {
    if (found !== undefined) {
      throw new CliError(
        `${to} exists already. It was not changed.\nName a new file, or a folder, with --to.`,
      );
    }
    await mkdir(dirname(to), { recursive: true });
    return to;
  }
  await mkdir(to, { recursive: true, mode: 0o700 });
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return join(to, `actp-${moment}.tar.gz${encrypted ? '.age' : ''}`);
}

/** Ends the work on Ctrl-C in its own way, so that nothing is left of the file. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}
