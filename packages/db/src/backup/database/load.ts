import { once } from 'node:events';
import type pg from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { BackupError } from '../archive/backup-error.ts';
import type { End, Head } from '../format.ts';
import { listTables, listSequences, quoted, quotedList, filledByMigrations } from './catalog.ts';

export interface Loader {
  /** Rows of a table, in the text format of COPY; those of one table one after the other. */
  write(table: string, content: Buffer): Promise<void>;
  /** Sets the sequences and checks that all rows are there. @throws BackupError */
  finish(end: End): Promise<void>;
  /** Ends in the middle of a table: the connection takes other statements again. */
  abort(): void;
}

/** Every row of a table enters as it was: without triggers that would chain, announce or refuse it. References are checked. */
export async function createLoader(client: pg.Client, head: Head): Promise<Loader> {
  const known = new Map((await listTables(client)).map((table) => [table.name, table]));
  const misfit = head.tables.find(({ name, columns }) => {
    const table = known.get(name);
    return table === undefined || columns.some((column) => !table.columns.includes(column));
  });
  if (misfit !== undefined) throw notOurs(misfit.name);
  const columnsOf = new Map(head.tables.map(({ name, columns }) => [name, columns]));
  for (const { name } of head.tables) {
    await client.query(`alter table ${quoted(name)} disable trigger user`);
    if (filledByMigrations.has(name)) await client.query(`delete from ${quoted(name)}`);
  }
  const loaded = new Map<string, number>();
  let open: { table: string; stream: CopyStreamQuery; done: Promise<unknown> } | undefined;

  async function close(): Promise<void> {
    if (open === undefined) return;
    const { table, stream, done } = open;
    open = undefined;
    stream.end();
    await done;
    loaded.set(table, stream.rowCount);
  }

  return {
    async write(table, content) {
      const columns = columnsOf.get(table);
      if (columns === undefined || loaded.has(table)) throw notOurs(table);
      if (open?.table !== table) {
        await close();
        const stream = client.query(copyFrom(`copy ${quoted(table)} (${quotedList(columns)}) from stdin`));
        const done = once(stream, 'finish');
        done.catch(() => undefined);
        open = { table, stream, done };
      }
      const { stream, done } = open;
      if (!stream.write(content)) await Promise.race([once(stream, 'drain'), done]);
    },
    abort: () => void open?.stream.destroy(new Error('the restore was given up')),
    async finish(end) {
      await close();
      for (const { name } of head.tables) {
        const rows = loaded.get(name) ?? 0;
        if (rows !== end.rows[name]) {
          throw new BackupError(
            `${name} has ${rows} rows instead of ${end.rows[name] ?? 'a known number'}. Nothing was restored.`,
            'Use another copy of the backup.',
          );
        }
        await client.query(`alter table ${quoted(name)} enable trigger user`);
      }
      const sequences = new Set(await listSequences(client));
      for (const { name, last_value, is_called } of end.sequences) {
        if (!sequences.has(name)) throw notOurs(name);
        await client.query('select setval($1::regclass, $2::bigint, $3)', [
          quoted(name),
          last_value,
          is_called,
        ]);
      }
    },
  };
}

const notOurs = (name: string) =>
  new BackupError(
    `The backup holds ${JSON.stringify(name)}, which this release does not know. Nothing was restored.`,
    'Restore it with the release that has made it.',
  );
