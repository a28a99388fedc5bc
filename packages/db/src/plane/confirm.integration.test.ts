import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';

const { sql } = await openDatabase();

interface Head {
  day: string;
  lane: number;
  seq: number;
  hash: string;
}
interface Anchor {
  plane_id: string;
  epoch: number;
  total: number;
  heads: Head[];
}

async function call<T>(text: string, ...values: unknown[]): Promise<T> {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
}
const confirm = async (anchor: object | null, key = 'key') =>
  (await call<{ result: string }>('confirm_plane($1, $2)', anchor, key)).result;
const set = (what: string) => sql.query(`update actp_audit.plane set ${what}`);
const isHeld = async () => (await call('plane_hold()')) !== null;
const free = `held_code = null, held_reason = null, held_at = null`;
const held = (code: string) => `held_code = '${code}', held_reason = 'r', held_at = now()`;

for (let row = 0; row < 3; row += 1) {
  await sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
  );
}
await set(`signing_key = 'key'`);
expect(await confirm(null)).toBe('confirmed');
const anchor = await call<Anchor>('advance_anchor(0, 1)');
const [head] = anchor.heads;
if (head === undefined) throw new Error('there is no chain');

// Started, or put back, and not yet compared with the anchor.
beforeEach(async () => {
  await set(`confirmed_for = 'another start', signing_key = 'key', epoch = 1, accepted_at = null, ${free}`);
  expect(await isHeld()).toBe(true);
});

describe('a database is confirmed', () => {
  it.each<[what: string, anchor: object | null, prepare?: string]>([
    ['that holds all that the anchor names', anchor],
    ['that has gone on since', { ...anchor, total: anchor.total - 1, heads: [] }],
    ['that was accepted since', { ...anchor, epoch: 0 }],
    ['that was held for something that can pass', anchor, held('anchor_missing')],
    ['that was accepted, before an anchor said so', null, 'accepted_at = now()'],
    ['whose key was never written down', anchor, 'signing_key = null'],
  ])('%s', async (_what, given, prepare) => {
    if (prepare !== undefined) await set(prepare);
    expect(await confirm(given)).toBe('confirmed');
    expect(await isHeld()).toBe(false);
    const { rows } = await sql.query('select signing_key, held_code from actp_audit.plane');
    expect(rows).toEqual([{ signing_key: 'key', held_code: null }]);
    // Another auditor, which has no anchor of its own yet.
    if (prepare === undefined) expect(await confirm(null)).toBe('confirmed');
  });
});

describe('a database is not confirmed', () => {
  const other = (more: Partial<Head>): Anchor => ({ ...anchor, heads: [{ ...head, ...more }] });
  it.each<[what: string, anchor: object | null, result: string, prepare?: string]>([
    ['of another plane', { ...anchor, plane_id: '00000000-0000-4000-8000-000000000000' }, 'other_plane'],
    ['of no plane', { ...anchor, plane_id: null }, 'other_plane'],
    ['that was accepted less often', { ...anchor, epoch: 2 }, 'behind'],
    ['with another row at the end of a chain', other({ hash: '0'.repeat(64) }), 'behind'],
    ['with a shorter chain', other({ seq: head.seq + 1 }), 'behind'],
    ['without a chain', other({ lane: 99 }), 'behind'],
    ['without the day of a chain', other({ day: '2020-01-01' }), 'behind'],
    ['with one of two chains', { ...anchor, heads: [head, { ...head, lane: 99 }] }, 'behind'],
    ['that has had an anchor, which is gone', null, 'behind'],
    [
      'whose anchor is gone while it is held',
      null,
      'behind',
      `confirmed_for = actp_audit.plane_mark(), ${held('anchor_missing')}`,
    ],
    ['that was found to be older before', anchor, 'behind', held('behind')],
    ['that another key has signed', anchor, 'signing_key', `signing_key = 'another'`],
  ])('%s', async (_what, given, result, prepare) => {
    if (prepare !== undefined) await set(prepare);
    expect(await confirm(given)).toBe(result);
    expect(await isHeld()).toBe(true);
  });
});

it('a database with a row less than the anchor names is not confirmed; with as many it is', async () => {
  const total = Number(await call<string>('actp_audit.audit_total()'));
  expect(await confirm({ ...anchor, total: total + 1 })).toBe('behind');
  expect(await confirm({ ...anchor, total })).toBe('confirmed');
});

describe('an anchor', () => {
  it('is not advanced while the plane is held', async () => {
    expect(await call('advance_anchor(0, 1)')).toMatchObject({ held: { code: 'unconfirmed' } });
    expect(await call('advance_anchor(0, 1)')).not.toHaveProperty('heads');
  });

  it('says nothing new as long as nothing has, and all of it when something has', async () => {
    await confirm(anchor);
    const total = await call<string>('actp_audit.audit_total()');
    const same = await call<Anchor>('advance_anchor($1, 1)', total);
    expect(same).not.toHaveProperty('heads');
    expect(same).toMatchObject({ total: Number(total), epoch: 1 });
    for (const [known, epoch] of [
      [Number(total) - 1, 1],
      [Number(total), 0],
    ]) {
      expect(await call('advance_anchor($1, $2)', known, epoch)).toMatchObject({
        plane_id: anchor.plane_id,
        total: Number(total),
        heads: [{ seq: expect.any(Number) as number }],
      });
    }
  });

  it('is written for good, whatever the server is set to', async () => {
    await confirm(anchor);
    const auditor = await sql.connect();
    await auditor.query('begin; set local synchronous_commit = off');
    await auditor.query('select advance_anchor(0, 0)');
    const { rows } = await auditor.query('show synchronous_commit');
    await auditor.query('rollback');
    auditor.release();
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  it.each([
    [-1, false],
    [0, true],
  ])('is the first one, which is noted once it is written: %d known to the auditor', async (known, noted) => {
    await confirm(anchor);
    await set('anchored_rows = null');
    await call('advance_anchor($1, 1)', known);
    const { rows } = await sql.query<{ rows: string | null }>(
      'select anchored_rows as rows from actp_audit.plane',
    );
    expect(rows[0]?.rows !== null).toBe(noted);
    await set(`anchored_rows = ${anchor.total}`);
  });

  it('says that it was accepted until that is written', async () => {
    await confirm(anchor);
    await set('accepted_at = now()');
    const total = await call<string>('actp_audit.audit_total()');
    expect(await call('advance_anchor($1, 0)', total)).toHaveProperty('heads');
    const accepted = async () =>
      (await sql.query('select from actp_audit.plane where accepted_at is not null')).rows.length === 1;
    expect(await accepted()).toBe(true);
    expect(await call('advance_anchor($1, 1)', total)).toHaveProperty('heads');
    expect(await accepted()).toBe(false);
    expect(await call('advance_anchor($1, 1)', total)).not.toHaveProperty('heads');
  });
});

describe('the end of a chain whose day was dropped', () => {
  const retired = { day: '2020-02-03', lane: 4, seq: 9, hash: 'aa' };
  const holds = (over: object) =>
    call<boolean>('actp_audit.holds_anchored_head($1)', { ...retired, ...over });

  it('is held as it was signed then, or further on', async () => {
    const { day, ...ends } = retired;
    await sql.query(`insert into actp_audit.checkpoints (n, payload, signature) values (1, $1, 's')`, [
      JSON.stringify({ v: 1, n: 1, kind: 'retired', day, heads: [ends] }),
    ]);
    expect(await Promise.all([{}, { seq: 8 }, { seq: 8, hash: 'bb' }].map(holds))).toEqual([
      true,
      true,
      true,
    ]);
    const others = [{ hash: 'bb' }, { seq: 10 }, { lane: 5 }, { day: '2020-02-04' }];
    expect(await Promise.all(others.map(holds))).toEqual([false, false, false, false]);
    // What is said of a day that is there again counts, and nothing that was signed of it before.
    await sql.query('insert into actp_audit.lanes (day, lane) values ($1, 0)', [day]);
    expect(await holds({})).toBe(false);
    await sql.query('delete from actp_audit.lanes where day = $1', [day]);
  });
});
