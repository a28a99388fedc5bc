import { asOwner } from '../as-owner.ts';
import { migrationVersions } from '../migration-versions.ts';
import { BackupError } from './archive/backup-error.ts';
import { writeArchive, type ArchiveOptions } from './archive/write-archive.ts';
import { appliedMigrations, auditDays, listTables, useOneForm } from './database/catalog.ts';
import { createEntries, dumpTables } from './database/dump.ts';
import { endName, formatVersion, headName, keysName, type End, type Head, type Keys } from './format.ts';

export interface BackupOptions extends ArchiveOptions {
  /** Of the owner of the plane's tables. */
  databaseUrl: string;
  /** Version of this program. */
  release: string;
  /** Settings, secrets and files; only with a passphrase. */
  keys?: Keys | undefined;
  onProgress?: ((rows: number) => void) | undefined;
}

export interface BackupResult {
  bytes: number;
  tables: number;
  rows: number;
  created_at: string;
}

/**
 * Writes one consistent copy of everything that the plane keeps in its database. The plane goes on meanwhile.
 *
 * @throws BackupError when it cannot; nothing is left of the file then
 */
export async function makeBackup(options: BackupOptions): Promise<BackupResult> {
  const { databaseUrl, release, keys, passphrase, onProgress } = options;
  if (keys !== undefined && passphrase === undefined) throw new Error('keys are written encrypted alone');
  return asOwner(databaseUrl, async (client) => {
    await useOneForm(client);
    const migrations = await appliedMigrations(client);
    assertOurs(migrations, await migrationVersions());
    const tables = await listTables(client);
    const head: Head = {
      format: 'actp-backup',
      version: formatVersion,
      created_at: new Date().toISOString(),
      release,
      migrations,
      tables: tables.map(({ name, columns }) => ({ name, columns })),
      audit_days: await auditDays(client),
      keys: keys !== undefined,
    };
    let rows: End['rows'] = {};
    const bytes = await writeArchive(options, async (archive) => {
      const { add, digests } = createEntries(archive);
      await add(headName, json(head));
      if (keys !== undefined) await add(keysName, json(keys));
      const dumped = await dumpTables(client, { tables, add, onProgress });
      rows = dumped.rows;
      const end: End = { entries: digests, ...dumped };
      await archive.add(endName, json(end));
    });
    const sum = Object.values(rows).reduce((total, count) => total + count, 0);
    return { bytes, tables: tables.length, rows: sum, created_at: head.created_at };
  });
}

const json = (value: Head | End | Keys) => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

function assertOurs(applied: readonly string[], known: readonly string[]): void {
  if (applied.length === 0) {
    throw new BackupError(
      'The database holds no plane: there is nothing to back up.',
      'Correct DATABASE_URL.',
    );
  }
  if (applied.some((version) => !known.includes(version))) {
    throw new BackupError(
      'A newer release has migrated this database.',
      'Make the backup with that release.',
    );
  }
}
