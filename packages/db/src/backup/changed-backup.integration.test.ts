import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openArchive, readArchive } from './archive/read-archive.ts';
import { writeArchive } from './archive/write-archive.ts';
import { endName, headName, type End } from './format.ts';
import { makeBackup } from './make-backup.ts';
import { checkBackup, restoreBackup } from './restore-backup.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-changed-backup-'));
afterAll(() => rm(folder, { recursive: true }));
const release = '9.9.9';
const stores = await openStores();
const databaseUrl = stores.env.DATABASE_URL;
await stores.sql.query(`insert into actp_users (email, password_hash) values ('a@example.com', 'x')`);
const path = join(folder, 'backup.tar.gz');
await makeBackup({ databaseUrl, path, release });

type Entries = Array<[name: string, content: Buffer]>;
const entries: Entries = [];
for await (const { name, content } of readArchive(await openArchive(path, undefined)))
  entries.push([name, content]);
let files = 0;

/** The same backup as somebody could write it who knows its form. */
async function rewritten(change: (entries: Entries) => Entries): Promise<string> {
  files += 1;
  const to = join(folder, `changed-${files}.tar.gz`);
  await writeArchive({ path: to }, async ({ add }) => {
    for (const [name, content] of change(entries)) await add(name, content);
  });
  return to;
}
const users = (name: string) => name.startsWith('data/public.actp_users.');
const edited =
  (matches: (name: string) => boolean, edit: (text: string) => string) =>
  (all: Entries): Entries =>
    all.map(([name, content]) => [name, matches(name) ? Buffer.from(edit(content.toString())) : content]);

/** With one part more, of which its end knows. */
function withPart(all: Entries, name: string, content: Buffer): Entries {
  const end = JSON.parse(all.at(-1)?.[1].toString() ?? '') as End;
  end.entries[name] = createHash('sha256').update(content).digest('hex');
  return [...all.slice(0, -1), [name, content], [endName, Buffer.from(JSON.stringify(end))]];
}

describe('[OPS-002] a backup that was changed', () => {
  it('is read when nothing was changed, and with a part of which its end knows', async () => {
    const small = await rewritten((all) => withPart(all, 'data/public.other.000001.copy', Buffer.from('1')));
    expect(await checkBackup({ path: small })).toMatchObject({ head: { release } });
    expect(await checkBackup({ path: await rewritten((all) => all) })).toMatchObject({ head: { release } });
  });

  it.each<[what: string, change: (all: Entries) => Entries, words: string]>([
    ['in a row', edited(users, (text) => text.replace('a@example', 'b@example')), 'is damaged'],
    ['by leaving a table out', (all) => all.filter(([name]) => !users(name)), 'is damaged'],
    [
      'by adding a part',
      (all) => [...all.slice(0, -1), ['data/public.other.1', Buffer.from('1')], ...all.slice(-1)],
      'is damaged',
    ],
    ['by leaving out its end', (all) => all.filter(([name]) => name !== endName), 'is damaged'],
    ['so that it is of another format', (all) => all.filter(([name]) => name !== headName), 'no backup'],
    [
      'so that it is of a newer one',
      edited(
        (name) => name === headName,
        (text) => text.replace(/"version": \d+/, '"version": 99'),
      ),
      'newer release',
    ],
    [
      'so that a part of it is endless',
      (all) => withPart(all, 'data/public.other.000001.copy', Buffer.alloc(65 * 2 ** 20)),
      'is damaged',
    ],
  ])('%s is refused before anything is restored', async (_what, change, words) => {
    await expect(checkBackup({ path: await rewritten(change) })).rejects.toThrow(words);
  });

  it('in how many rows it says to have restores nothing', async () => {
    const fewer = edited(
      (name) => name === endName,
      (text) => text.replace(/"public.actp_users": 1/, '"public.actp_users": 2'),
    );
    const target = await openStores();
    const restored = restoreBackup({
      databaseUrl: target.env.DATABASE_URL,
      checked: await checkBackup({ path: await rewritten(fewer) }),
    });
    await expect(restored).rejects.toThrow('public.actp_users has 1 rows instead of 2');
    const { rows } = await target.sql.query('select count(*)::int as n from actp_users');
    expect(rows).toEqual([{ n: 0 }]);
  });
});

it('[OPS-002] keys are never written without a passphrase', async () => {
  const to = join(folder, 'keys.tar.gz');
  const keys = { settings: {}, secrets: {}, files: {} } as never;
  await expect(makeBackup({ databaseUrl, path: to, release, keys })).rejects.toThrow('encrypted');
});

it('[OPS-002] a plane that is used while a restore begins stays as it is', async () => {
  const target = await openStores();
  const other = await target.sql.connect();
  try {
    await other.query('begin');
    await other.query(`insert into actp_users (email, password_hash) values ('c@example.com', 'x')`);
    const restored = restoreBackup({
      databaseUrl: target.env.DATABASE_URL,
      checked: await checkBackup({ path }),
    });
    const ended = restored.then(
      () => 'restored',
      (error: unknown) => String(error),
    );
    await eventually(async () => {
      const { rows } = await target.sql.query(
        `select 1 from pg_locks l join pg_database d on d.oid = l.database
         where not l.granted and d.datname = current_database()`,
      );
      return rows.length > 0;
    });
    await other.query('commit');
    expect(await ended).toContain('The database is in use');
  } finally {
    other.release();
  }
  const { rows } = await target.sql.query('select email from actp_users');
  expect(rows).toEqual([{ email: 'c@example.com' }]);
});
