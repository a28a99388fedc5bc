import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { asOwner } from '../as-owner.ts';
import { verifyAuditLog } from '../audit/verify-log.ts';
import { migrate } from '../migrate.ts';
import { createOwnerDb } from '../owner-db.ts';
import {
  auditPublicKey,
  checkpointOutside,
  recorded,
  restoreFirstRelease,
} from '../upgrade/first-release.fixture.ts';
import { openStores } from '@actp/testing/stores';
import { contentOf, giveToPlainOwner } from './backup.fixture.ts';
import { makeBackup } from './make-backup.ts';
import { checkBackup, restoreBackup } from './restore-backup.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-backup-'));
afterAll(() => rm(folder, { recursive: true }));
const release = '9.9.9';
const passphrase = 'a passphrase of this test';

// A plane in use: rows in most tables, a signed audit log over several days, partitions.
const source = await openStores({ empty: true });
await restoreFirstRelease(source.sql);
const outside = await checkpointOutside(source.sql);
const older = await makeOlderBackup();
await migrate({ databaseUrl: source.env.DATABASE_URL });
await source.sql.query(
  `insert into actp_agent_audit_log (agent_id, action_type, status, result)
   select 'agent-' || n, 'a.b', 'ok', jsonb_build_object('text', E'tab\\t, newline\\n, \\\\. and ä 🙂 ' || n) from generate_series(1, 500) n`,
);
await source.sql.query(
  `insert into actp_leases (name, holder, expires_at) values ('l', 'h', now() + interval '1 hour')`,
);
await source.sql.query(
  `insert into actp_sessions (user_id, kind, role, expires_at) select id, 'api', role, now() + interval '1 hour' from actp_users`,
);
await source.sql.query('update actp_audit.plane set anchored_rows = 0');
const path = join(folder, 'backup.tar.gz');
const made = await makeBackup({ databaseUrl: source.env.DATABASE_URL, path, release });
const original = await contentOf({ path });

/** What a backup of a release with fewer migrations holds: the tables as they were then. */
async function makeOlderBackup(): Promise<string> {
  const file = join(folder, 'older.tar.gz');
  await makeBackup({ databaseUrl: source.env.DATABASE_URL, path: file, release });
  return file;
}

const restore = async (options: { databaseUrl: string; path: string; passphrase?: string }) =>
  restoreBackup({ databaseUrl: options.databaseUrl, checked: await checkBackup(options) });

/** Nothing is released before an anchor was compared; without one, not before an operator has accepted it. */
async function expectHeld(sql: pg.Pool): Promise<void> {
  const { rows } = await sql.query(
    `select plane_hold() ->> 'code' as code, confirm_plane(null, 'key') ->> 'result' as without_anchor`,
  );
  expect(rows).toEqual([{ code: 'unconfirmed', without_anchor: 'behind' }]);
}

const verify = (databaseUrl: string) =>
  asOwner(databaseUrl, (client) =>
    verifyAuditLog({ db: createOwnerDb(client), publicKey: auditPublicKey, outside }),
  );

describe('[OPS-002] a restored backup', () => {
  it('holds what the plane held, and its audit log is intact', async () => {
    const target = await openStores({ empty: true });
    const { DATABASE_URL } = target.env;
    await restore({ databaseUrl: DATABASE_URL, path });
    const again = join(folder, 'again.tar.gz');
    expect(await makeBackup({ databaseUrl: DATABASE_URL, path: again, release })).toMatchObject({
      rows: made.rows,
      tables: made.tables,
    });
    expect(await contentOf({ path: again })).toEqual(original);
    await expectHeld(target.sql);
    expect(await verify(DATABASE_URL)).toMatchObject({
      ok: true,
      problems: [],
      checkpoint: { signed: true },
    });

    // It goes on where it was: triggers, sequences, functions.
    await target.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
    );
    await expect(target.sql.query('delete from actp_agent_audit_log')).rejects.toThrow();
    expect(await verify(DATABASE_URL)).toMatchObject({ ok: true });
    const { rows } = await target.sql.query(
      'select (select count(*) from actp_sessions)::int as sessions, (select count(*) from actp_leases)::int as leases',
    );
    expect(rows).toEqual([{ sessions: 0, leases: 0 }]);
  });

  it('needs no superuser', async () => {
    const target = await openStores();
    const databaseUrl = await giveToPlainOwner(target.sql, target.env.DATABASE_URL);
    await restore({ databaseUrl, path });
    const again = join(folder, 'plain-owner.tar.gz');
    await makeBackup({ databaseUrl, path: again, release });
    expect(await contentOf({ path: again })).toEqual(original);
  });

  it('may be of an earlier release: the migrations since then follow', async () => {
    const target = await openStores({ empty: true });
    const databaseUrl = target.env.DATABASE_URL;
    await restore({ databaseUrl, path: older });
    expect(await migrate({ databaseUrl })).toEqual({ applied: [], functions: [], notice: undefined });
    expect(await verify(databaseUrl)).toMatchObject({ ok: true, checkpoint: { signed: true } });
    await expectHeld(target.sql);
    const { rows } = await target.sql.query('select status from actp_approval_queue where id = $1', [
      recorded.pending,
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('[OPS-002] a restore that ends in the middle', () => {
  it('leaves nothing of it, and can be run again', async () => {
    const target = await openStores();
    const databaseUrl = target.env.DATABASE_URL;
    const checked = await checkBackup({ path });
    const cut = join(folder, 'cut.tar.gz');
    const bytes = await readFile(path);
    await writeFile(cut, bytes.subarray(0, -600));
    const broken = restoreBackup({
      databaseUrl,
      checked: { ...checked, archive: { ...checked.archive, path: cut } },
    });
    await expect(broken).rejects.toThrow('is damaged');
    const { rows } = await target.sql.query('select count(*)::int as n from actp_users');
    expect(rows).toEqual([{ n: 0 }]);
    await restoreBackup({ databaseUrl, checked });
    expect(await verify(databaseUrl)).toMatchObject({ ok: true });
  });
});

describe('[OPS-002] a restore is refused, and changes nothing', () => {
  it('into a plane in use', async () => {
    const target = await openStores();
    await target.sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
    );
    const restored = restore({ databaseUrl: target.env.DATABASE_URL, path });
    await expect(restored).rejects.toThrow('The database is in use: ');
    const { rows } = await target.sql.query('select count(*)::int as n from actp_agent_audit_log');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('for a backup of another release than the tables that are there', async () => {
    const target = await openStores();
    const restored = restore({ databaseUrl: target.env.DATABASE_URL, path: older });
    await expect(restored).rejects.toThrow('newer than the backup');
  });

  it('for a database that is none of ours', async () => {
    const nobody = await openStores({ empty: true });
    const backup = makeBackup({ databaseUrl: nobody.env.DATABASE_URL, path: join(folder, 'none'), release });
    await expect(backup).rejects.toThrow('The database holds no plane');
    expect(await readdir(folder)).not.toContain('none');
  });
});

describe('[OPS-002] a backup', () => {
  it('is of one moment, while events are written', async () => {
    const write = (n: number) =>
      source.sql.query(
        `insert into actp_agent_audit_log (agent_id, action_type, status) select 'w', 'x.y', 'ok' from generate_series(1, $1)`,
        [n],
      );
    const end = new AbortController();
    let rounds = 0;
    const writing = (async () => {
      for (; !end.signal.aborted || rounds < 5; rounds += 1) await write(50);
    })();
    const busy = join(folder, 'busy.tar.gz.age');
    await makeBackup({
      databaseUrl: source.env.DATABASE_URL,
      path: busy,
      release,
      passphrase,
      workFactor: 8,
    });
    end.abort();
    await writing;
    const target = await openStores();
    await restore({ databaseUrl: target.env.DATABASE_URL, path: busy, passphrase });
    expect(await verify(target.env.DATABASE_URL)).toMatchObject({ ok: true });
  });

  it('keeps no key of an app', async () => {
    const text = gunzipSync(await readFile(path)).toString('latin1');
    expect(text).toContain('data/public.actp_users.');
    expect(text).not.toContain('app_keys');
    expect(text).not.toContain('keys.json');
  });
});
