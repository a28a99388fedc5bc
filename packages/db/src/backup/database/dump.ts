import { createHash } from 'node:crypto';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { ArchiveWriter } from '../archive/write-archive.ts';
import { dataName, type End } from '../format.ts';
import { listSequences, quoted, quotedList, type Table } from './catalog.ts';

// What is held in memory at a time, and the size of an entry.
const partBytes = 4 * 1_048_576;

/** Adds entries and remembers what they were. */
export function createEntries(archive: ArchiveWriter): {
  add(name: string, content: Buffer): Promise<void>;
  digests: Record<string, string>;
} {
  const digests: Record<string, string> = {};
  return {
    digests,
    async add(name, content) {
      digests[name] = createHash('sha256').update(content).digest('hex');
      await archive.add(name, content);
    },
  };
}

export interface DumpOptions {
  tables: readonly Table[];
  add(name: string, content: Buffer): Promise<void>;
  onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Reads every row as it was at one moment. Nobody waits for it: it holds the lock of a reader. What would drop a day of the audit log
 * meanwhile tries again later.
 */
export async function dumpTables(
  client: pg.Client,
  options: DumpOptions,
): Promise<Pick<End, 'rows' | 'sequences'>> {
  const { tables, add, onProgress } = options;
  const rows: Record<string, number> = {};
  let sum = 0;
  await client.query('begin isolation level repeatable read read only');
  // Before the first read, which fixes what is seen: nothing can be dropped in between.
  await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access share mode`);
  for (const table of tables) {
    rows[table.name] = await dumpTable(client, table, add);
    sum += rows[table.name] ?? 0;
    onProgress?.(sum);
  }
  const sequences = await dumpSequences(client);
  await client.query('commit');
  return { rows, sequences };
}

async function dumpTable(client: pg.Client, table: Table, add: DumpOptions['add']): Promise<number> {
  const stream = client.query(
    copyTo(`copy (select ${quotedList(table.columns)} from ${quoted(table.name)}) to stdout`),
  );
  let parts: Buffer[] = [];
  let bytes = 0;
  let part = 0;
  const flush = async () => {
    if (bytes === 0) return;
    part += 1;
    await add(dataName(table.name, part), Buffer.concat(parts));
    parts = [];
    bytes = 0;
  };
  for await (const chunk of stream) {
    const rows = chunk as Buffer;
    parts.push(rows);
    bytes += rows.length;
    if (bytes >= partBytes) await flush();
  }
  await flush();
  return stream.rowCount;
}

async function dumpSequences(client: pg.Client): Promise<End['sequences']> {
  const sequences: End['sequences'] = [];
  for (const name of await listSequences(client)) {
    const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
      `select last_value::text, is_called from ${quoted(name)}`,
    );
    const [row] = rows;
    if (row) sequences.push({ name, ...row });
  }
  return sequences;
}
