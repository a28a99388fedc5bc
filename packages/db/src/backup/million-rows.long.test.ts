import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers';
import process from 'node:process';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { makeBackup } from './make-backup.ts';
import { checkBackup, restoreBackup } from './restore-backup.ts';

const source = await openStores();
const target = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-million-'));
atEnd(() => rm(folder, { recursive: true }));
const million = 1_000_000;
const passphrase = 'a passphrase of this test';
// Parts of 4 MiB on their way through compression and encryption; a table as a whole would be 700 MB.
const mostBytes = 300 * 1_048_576;

it('[OPS-002] backs up and restores a million rows in bounded memory', async () => {
  await source.sql.query(
    `insert into actp_notifications (dedupe_key, kind, body)
     select n::text, 'a.b', repeat(md5(n::text), 20) from generate_series(1, $1::integer) n`,
    [million],
  );
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  }, 50);
  const path = join(folder, 'backup');
  const made = await makeBackup({
    databaseUrl: source.env.DATABASE_URL,
    path,
    passphrase,
    workFactor: 10,
    release: '0.0.0',
  });
  expect(made.rows).toBeGreaterThan(million);
  expect((await stat(path)).size).toBe(made.bytes);
  const checked = await checkBackup({ path, passphrase });
  await restoreBackup({ databaseUrl: target.env.DATABASE_URL, checked });
  clearInterval(watch);
  const sum = 'select count(*)::integer as n, sum(hashtext(body)) as bodies from actp_notifications';
  expect((await target.sql.query(sum)).rows).toEqual((await source.sql.query(sum)).rows);
  expect(most).toBeLessThan(mostBytes);
});
