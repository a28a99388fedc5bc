import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { writeAnchor, type AnchorFacts } from '@actp/db/audit/anchor';
import { createDb } from '@actp/db/client';
import { anchorFile } from '@actp/services/anchor/anchor-file';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { markCompared } from '@actp/testing/compared';
import { openStores } from '@actp/testing/stores';
import { createAnchorKeeper } from './keep-anchor.ts';
import { createSigningKeys } from './signing-keys.ts';

const stores = await openStores();
const log = createLogger({ app: 'test', level: 'silent' });
const db = createDb(stores.env, 'auditor', 20_000);
const folder = await mkdtemp(join(tmpdir(), 'actp-anchor-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, 'anchor.json');
const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
const stranger = createSigner('a-signing-key-of-somebody-else-0123456789');
const copies = {
  write: () => undefined,
  read: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};

/** An auditor that has just been started. */
const newKeeper = (file = anchorFile(path)) =>
  createAnchorKeeper({
    db,
    log,
    signer,
    keys: createSigningKeys({
      db,
      log,
      signer,
      previous: undefined,
      file: checkpointFile(folder),
      checkpoints: { rotate: () => Promise.resolve(false) },
    }),
    file,
    copies,
  });
const hold = async () => {
  const { rows } = await stores.sql.query<{ hold: { code: string; reason: string } | null }>(
    'select plane_hold() as hold',
  );
  return rows[0]?.hold ?? null;
};
// What a start of the server does: nobody has compared the database since.
const startServerAgain = () =>
  stores.sql.query(`update actp_audit.plane set confirmed_for = 'an earlier start'`);
const changeSomething = () =>
  stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b', 'ok')`,
  );
const anchored = async () => {
  const { payload } = JSON.parse(await readFile(path, 'utf8')) as { payload: string };
  return JSON.parse(payload) as AnchorFacts;
};
const put = async (facts: Partial<AnchorFacts>, by = signer) =>
  writeFile(path, writeAnchor({ ...(await anchored()), ...facts }, '2026-11-01T00:00:00.000Z', by));

/** Puts the database back to one that nobody has held or anchored. */
const begin = async (madeEmpty = true) => {
  await rm(path, { recursive: true, force: true });
  await stores.sql.query(
    `update actp_audit.plane set anchored_rows = null, confirmed_for = null, held_code = null, held_reason = null, held_at = null,
       held_stopped = null, signing_key = null, made_empty = $1`,
    [madeEmpty],
  );
  await changeSomething();
};
const beginWithAnchor = async () => {
  await begin();
  await newKeeper().look();
  expect(await hold()).toBeNull();
  await startServerAgain();
  expect((await hold())?.code).toBe('unconfirmed');
};

describe('a database and its anchor', () => {
  it('agree after a start, also when the anchor is older than the database', async () => {
    await beginWithAnchor();
    for (let n = 0; n < 3; n += 1) await changeSomething();
    const keeper = newKeeper();
    await keeper.look();
    expect([await hold(), keeper.isConfirmed()]).toEqual([null, true]);
    const { rows } = await stores.sql.query<{ total: string }>('select actp_audit.audit_total() as total');
    expect((await anchored()).total).toBe(Number(rows[0]?.total));
    expect((await readdir(folder)).filter((name) => name.startsWith('anchor'))).toEqual(['anchor.json']);
  });

  it('agree without an anchor in a database of an earlier release, which gets its first', async () => {
    await begin(false);
    await newKeeper().look();
    expect(await hold()).toBeNull();
    expect((await anchored()).heads.length).toBeGreaterThan(0);
  });

  it('agree for another auditor on another machine, which begins an anchor of its own', async () => {
    await beginWithAnchor();
    await newKeeper().look();
    await rm(path);
    const other = newKeeper();
    await other.look();
    expect([await hold(), other.isConfirmed()]).toEqual([null, true]);
    expect((await anchored()).total).toBeGreaterThan(0);
  });

  const wrong: ReadonlyArray<readonly [string, string, () => Promise<unknown>]> = [
    ['is missing', 'anchor_missing', () => rm(path)],
    ['is empty', 'anchor_unusable', () => truncate(path, 0)],
    ['is no JSON', 'anchor_unusable', () => writeFile(path, 'x'.repeat(1_000))],
    ['is JSON of something else', 'anchor_unusable', () => writeFile(path, '{"payload":1}')],
    ['is too large', 'anchor_unusable', () => writeFile(path, 'x'.repeat(2_000_000))],
    ['is a folder', 'anchor_unusable', () => rm(path).then(() => mkdir(path))],
    ['is signed with another key', 'anchor_unusable', () => put({}, stranger)],
    [
      'is not signed',
      'anchor_unusable',
      async () => writeFile(path, (await readFile(path, 'utf8')).replace('"signature"', '"s"')),
    ],
    [
      'was changed after it was signed',
      'anchor_unusable',
      async () => writeFile(path, (await readFile(path, 'utf8')).replace('total', 'totals')),
    ],
    ['names more rows', 'behind', async () => put({ total: (await anchored()).total + 1 })],
    [
      'names another end of a chain',
      'behind',
      async () => {
        const { heads } = await anchored();
        await put({ heads: heads.map((head) => ({ ...head, hash: 'b'.repeat(64) })) });
      },
    ],
    [
      'names a chain that is not there',
      'behind',
      async () => {
        const { heads } = await anchored();
        await put({ heads: heads.map((head) => ({ ...head, seq: head.seq + 1 })) });
      },
    ],
    ['was accepted once more', 'behind', async () => put({ epoch: 99 })],
    ['is of another plane', 'other_plane', () => put({ plane_id: '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11' })],
  ];

  it.each(wrong)('hold the plane when the anchor %s: %s', async (_what, code, change) => {
    await beginWithAnchor();
    await change();
    const keeper = newKeeper();
    await keeper.look();
    expect(await hold()).toMatchObject({ code });
    expect(keeper.isConfirmed()).toBe(false);
    // What it said is not forgotten by asking again, or by another auditor without an anchor.
    await keeper.look();
    await rm(path, { recursive: true, force: true });
    await newKeeper().look();
    expect(await hold()).not.toBeNull();
  });

  it('do not hold it again when an operator accepts it while they are compared', async () => {
    await beginWithAnchor();
    const { epoch, total } = await anchored();
    await put({ total: total + 1_000 });
    await newKeeper().look();
    expect((await hold())?.code).toBe('behind');
    const file = anchorFile(path);
    const accepting = async () => {
      const text = await file.read();
      await stores.sql.query(`select accept_restored_plane('system:tester', false, false, '{}')`);
      return text;
    };
    // What this one has read of the database is older than the operator's word.
    await newKeeper({ ...file, read: accepting }).look();
    expect(await hold()).toBeNull();
    const keeper = newKeeper();
    await keeper.look();
    expect([await hold(), keeper.isConfirmed()]).toEqual([null, true]);
    expect((await anchored()).epoch).toBe(epoch + 1);
  });

  it('hold the plane when the database goes back under a running auditor', async () => {
    await begin();
    const keeper = newKeeper();
    await keeper.look();
    await changeSomething();
    await keeper.look();
    await stores.sql.query('update actp_audit.plane set anchored_rows = anchored_rows - 1');
    await changeSomething();
    await keeper.look();
    expect(await hold()).toMatchObject({ code: 'behind' });
    expect(keeper.isConfirmed()).toBe(false);
  });

  it('go on while the anchor cannot be written, and people are told once, also when it is written again', async () => {
    await begin();
    let full = false;
    const real = anchorFile(path);
    const disk = {
      ...real,
      write: (text: string) =>
        full ? Promise.reject(new Error('ENOSPC: no space left on device')) : real.write(text),
    };
    const keeper = newKeeper(disk);
    await keeper.look();
    const before = await anchored();
    const unwritten = async () => {
      const { rows } = await stores.sql.query<{ unwritten: boolean; told: number }>(
        `select plane_readiness() -> 'anchor_unwritten' as unwritten,
           (select count(*)::int from actp_notifications where kind = 'plane.anchor_unwritten') as told`,
      );
      return rows[0];
    };
    expect(await unwritten()).toEqual({ unwritten: false, told: 0 });
    full = true;
    for (let n = 0; n < 3; n += 1) {
      await changeSomething();
      await keeper.look();
    }
    expect([await hold(), keeper.isConfirmed(), await anchored()]).toEqual([null, true, before]);
    expect(await unwritten()).toEqual({ unwritten: true, told: 1 });
    // Also an auditor that is started while it is so, and one that finds it cured.
    await startServerAgain();
    await newKeeper(disk).look();
    expect(await unwritten()).toEqual({ unwritten: true, told: 1 });
    full = false;
    await startServerAgain();
    await newKeeper(disk).look();
    expect([await hold(), await unwritten()]).toEqual([null, { unwritten: false, told: 1 }]);
    expect((await anchored()).total).toBeGreaterThan(before.total);
  });

  it('keep the plane held by what was missing once, although an anchor that fits is put there', async () => {
    await beginWithAnchor();
    const older = await readFile(path, 'utf8');
    await put({ total: (await anchored()).total + 100 });
    await newKeeper().look();
    await writeFile(path, older);
    await newKeeper().look();
    expect(await hold()).toMatchObject({ code: 'behind' });
  });

  it.each([
    ['signed with the same key', signer, ['action:x.y', 'all']],
    ['signed with another key', stranger, []],
  ])(
    'begin anew in an empty database; what was stopped in the plane before is stopped when its anchor is %s',
    async (_how, by, stopped) => {
      await beginWithAnchor();
      const earlier = '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11';
      const one = { reason: 'why', set_by: 'operator:a@b.c', since: '2026-11-01T00:00:00Z' };
      await put(
        {
          plane_id: earlier,
          stopped: [
            { scope: 'all', ...one },
            { scope: 'action:x.y', ...one },
          ],
        },
        by,
      );
      const kept = await readFile(path, 'utf8');
      await markCompared(stores.sql);
      await stores.sql.query('delete from actp_kill_switches');
      await stores.sql.query('update actp_audit.plane set anchored_rows = null, confirmed_for = null');
      await newKeeper().look();
      expect(await hold()).toBeNull();
      const { rows } = await stores.sql.query<{ scope: string }>(
        'select scope from actp_kill_switches where lifted_at is null order by scope',
      );
      expect(rows.map(({ scope }) => scope)).toEqual(stopped);
      expect(await readFile(`${path}.${by === signer ? earlier : 'unknown'}`, 'utf8')).toBe(kept);
      const told = await stores.sql.query(`select 1 from actp_notifications where kind = 'plane.replaced'`);
      expect(told.rows.length).toBeGreaterThan(0);
    },
  );
});
