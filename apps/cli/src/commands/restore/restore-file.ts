import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { asOwner } from '@actp/db/as-owner';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog, type Verification } from '@actp/db/audit/verify-log';
import type { CheckedBackup } from '@actp/db/backup/read-backup';
import { checkBackup, restoreBackup } from '@actp/db/backup/restore-backup';
import { createOwnerDb } from '@actp/db/owner-db';
import { startStack } from '@actp/embedded/stack';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { putBackKeys } from '../../plane-keys/put-back.ts';
import { createProgress } from '../../progress.ts';
import { ownDatabase } from '../backup/plane-stores.ts';
import { sayChecked, sayDone } from './report.ts';
import type { RestoreFlags } from './flags.ts';

/** Restores a file, and says what was done. */
export async function restoreFile(cli: Cli, given: string, flags: RestoreFlags): Promise<void> {
  const path = resolve(given);
  const { BACKUP_PASSPHRASE: passphrase } = await cli.plane.settings({
    BACKUP_PASSPHRASE: settings.BACKUP_PASSPHRASE,
  });
  const progress = createProgress(cli.err);
  progress.show('Checking the file');
  const checked = await checkBackup({ path, passphrase }).finally(() => progress.end());
  if (flags.check === true) {
    sayChecked(cli, flags, { path, checked });
    return;
  }
  if (checked.keys === undefined && (flags.withKeys === true || flags.onlyKeys === true)) {
    throw new CliError(`${path} holds no keys: it was made without BACKUP_PASSPHRASE. Nothing was changed.`);
  }

  const putBack = () => putBackBeside(cli, checked, flags);
  if (flags.onlyKeys === true) {
    sayDone(cli, flags, { path, checked, notes: await putBack(), verification: undefined });
    return;
  }
  const restored = await withDatabase(cli, async (databaseUrl) => {
    const onProgress = (step: keyof typeof steps) => progress.show(`${steps[step]} ...`);
    await restoreBackup({ databaseUrl, checked, onProgress });
    const notes = await putBack();
    progress.show('Checking the audit log ...');
    return { notes, verification: await verify(cli, databaseUrl) };
  }).finally(() => progress.end());
  sayDone(cli, flags, { path, checked, ...restored });
}

const steps = { migrating: 'Making the tables', loading: 'Loading the rows' };

/** A database that nobody else uses: that of DATABASE_URL, or the embedded one, started for this alone. */
async function withDatabase<T>(cli: Cli, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const own = await ownDatabase(cli);
  if (own !== undefined) return work(own);
  const { ACTP_POSTGRES_PASSWORD } = await cli.plane.environment();
  let result: { value: T } | undefined;
  const stack = await startStack({
    dataDir: await cli.plane.dataDir(),
    parts: ['supabase'],
    // The next start sets it anew.
    secrets: { postgresPassword: ACTP_POSTGRES_PASSWORD ?? randomBytes(32).toString('base64url') },
    async prepareDatabase(databaseUrl) {
      result = { value: await work(databaseUrl) };
    },
  });
  await stack.stop();
  if (result === undefined) throw new Error('the database was not prepared');
  return result.value;
}

async function putBackBeside(cli: Cli, { keys }: CheckedBackup, flags: RestoreFlags): Promise<string[]> {
  if (keys === undefined) return [];
  const { root, plane } = cli;
  const dataDir = await plane.dataDir();
  return putBackKeys({ keys, root, dataDir, envFile: plane.envFile, replace: flags.withKeys === true });
}

async function verify(cli: Cli, databaseUrl: string): Promise<Verification> {
  const { publicKey, last } = await checkpointFile(await cli.plane.dataDir()).read();
  return asOwner(databaseUrl, (client) =>
    verifyAuditLog({ db: createOwnerDb(client), publicKey, outside: last }),
  );
}
