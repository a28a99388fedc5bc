import type pg from 'pg';
import { asOwner } from '../as-owner.ts';
import { migrate, migrateTo } from '../migrate.ts';
import { migrationVersions } from '../migration-versions.ts';
import { BackupError } from './archive/backup-error.ts';
import { openArchive, type OpenArchive } from './archive/read-archive.ts';
import { appliedMigrations, filledByMigrations, listTables, quoted, useOneForm } from './database/catalog.ts';
import { createLoader, type Loader } from './database/load.ts';
import { makeAuditDays } from './database/make-audit-days.ts';
import type { Head } from './format.ts';
import { newer, readBackup, type CheckedBackup } from './read-backup.ts';

export interface BackupFile {
  path: string;
  passphrase?: string | undefined;
}

export interface RestoreOptions {
  /** What `checkBackup` has found in the file. */
  checked: CheckedBackup;
  /** Of the owner of an empty database. */
  databaseUrl: string;
  onProgress?: ((step: 'migrating' | 'loading') => void) | undefined;
}

/**
 * Reads a backup to its end, before anything is changed.
 *
 * @throws BackupError when it is damaged, encrypted otherwise, or of a newer release
 */
export async function checkBackup(file: BackupFile): Promise<CheckedBackup> {
  const checked = await readBackup(await openArchive(file.path, file.passphrase));
  const { migrations, release } = checked.head;
  const known = await migrationVersions();
  if (migrations.every((version) => known.includes(version))) return checked;
  throw newer(file.path, release);
}

/**
 * Puts a backup into an empty plane. All rows enter in one transaction, into the tables of the release that made the backup; the
 * migrations since then do the rest.
 *
 * @throws BackupError; an interrupted restore leaves the tables empty, and can be run again
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { databaseUrl, checked, onProgress } = options;
  await asOwner(databaseUrl, (client) => assertFits(client, checked.head));

  onProgress?.('migrating');
  const { migrations } = checked.head;
  if (migrations.length === (await migrationVersions()).length) await migrate({ databaseUrl });
  else await migrateTo({ databaseUrl, versions: migrations });

  onProgress?.('loading');
  await asOwner(databaseUrl, (client) => load(client, checked.archive));
  await migrate({ databaseUrl });
  await asOwner(databaseUrl, holdUntilCompared);
}

/** A copy that was put back is compared with the anchor, also when it never had one: without an anchor it is held. */
async function holdUntilCompared(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ known: boolean }>(
    `select to_regclass('actp_audit.plane') is not null as known`,
  );
  if (rows[0]?.known !== true) return;
  await client.query(
    'update actp_audit.plane set anchored_rows = coalesce(anchored_rows, 0), confirmed_for = null',
  );
}

async function assertFits(client: pg.Client, head: Head): Promise<void> {
  const applied = await appliedMigrations(client);
  await assertEmpty(client);
  if (applied.every((version) => head.migrations.includes(version))) return;
  throw new BackupError(
    'The database has tables of a release that is newer than the backup. Nothing was changed.',
    'Restore into a new database: it is migrated as the backup was, and then to this release.',
  );
}

async function assertEmpty(client: pg.Client): Promise<void> {
  for (const { name } of await listTables(client)) {
    if (filledByMigrations.has(name)) continue;
    const { rows } = await client.query(`select from ${quoted(name)} limit 1`);
    if (rows.length === 0) continue;
    throw new BackupError(
      `The database is in use: ${name} has rows. Nothing was changed.`,
      'Restore into an empty plane: a new ACTP_DATA_DIR, or a new database in DATABASE_URL.',
    );
  }
}

async function load(client: pg.Client, archive: OpenArchive): Promise<void> {
  await useOneForm(client);
  await client.query('begin');
  let loader: Loader | undefined;
  try {
    const { end } = await readBackup(archive, {
      async head(head) {
        await makeAuditDays(client, head.audit_days);
        loader = await createLoader(client, head);
        // Whoever came in meanwhile is locked out by now.
        await assertEmpty(client);
      },
      async rows(table, content) {
        await loader?.write(table, content);
      },
    });
    await loader?.finish(end);
    await holdUntilCompared(client);
    await client.query('commit');
  } catch (error) {
    loader?.abort();
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
