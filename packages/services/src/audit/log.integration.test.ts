import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointDigest, type Checkpoint } from '@actp/db/audit/checkpoint';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { createDb } from '@actp/db/client';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { asAgent, asUser, openVerbs } from '../verbs.fixture.ts';
import { readHeads, recordCheckpoint } from './checkpoint.ts';
import { createAuditLog, LoggedEvent, type AuditFilter } from './read.ts';

const stores = await openStores();
const { sql } = stores;
const { operator, audited } = await openVerbs(stores);
const ann = await operator('ann@example.com');
const db = createDb(stores.env, 'gateway', 20_000);
const auditor = createDb(stores.env, 'auditor', 20_000);
const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
const dataDir = await mkdtemp(join(tmpdir(), 'actp-audit-'));
atEnd(() => rm(dataDir, { recursive: true, force: true }));
const log = createAuditLog({ db, slowQueryDb: db, dataDir });

/** As the owner who turns every trigger off. */
async function tamper(text: string, values: unknown[] = []): Promise<void> {
  const owner = await sql.connect();
  try {
    await owner.query('begin');
    await owner.query('set local session_replication_role = replica');
    await owner.query(text, values);
    await owner.query('commit');
  } finally {
    owner.release();
  }
}
const write = (over: { agent_id?: string; action_type?: string; status?: string } = {}) =>
  sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status) values ($1, $2, $3)`, [
    over.agent_id ?? 'buyer',
    over.action_type ?? 'shop.buy',
    over.status ?? 'ok',
  ]);
let last: Checkpoint | undefined;
/** As the auditor does, in the database and outside. */
async function sign(key = signer): Promise<Checkpoint> {
  const n = (last?.n ?? 0) + 1;
  const prev = last === undefined ? '' : checkpointDigest(last);
  const heads = await readHeads(auditor);
  const payload = JSON.stringify({ v: 1, n, kind: 'heads', at: new Date().toISOString(), prev, heads });
  const checkpoint = { n, payload, signature: key.sign(payload) };
  expect(await recordCheckpoint(auditor, checkpoint)).toBe(true);
  expect(await recordCheckpoint(auditor, checkpoint)).toBe(false);
  await checkpointFile(dataDir).append([{ public_key: signer.publicKey }, checkpoint]);
  last = checkpoint;
  return checkpoint;
}

beforeEach(async () => {
  last = undefined;
  await rm(join(dataDir, 'audit'), { recursive: true, force: true });
  await tamper(`delete from actp_agent_audit_log; delete from actp_audit.checkpoints; delete from actp_audit.event_ids;
    delete from actp_audit.acknowledgements; update actp_audit.lanes set seq = 0, hash = decode(repeat('00', 32), 'hex')`);
});

describe('a page of the audit log', () => {
  const page = async (filter: AuditFilter = {}, limit = 10) =>
    (await log.page(filter, undefined, limit)).map(
      ({ agent_id, action_type }) => `${agent_id} ${action_type}`,
    );

  it('comes newest first, and goes on behind the last one', async () => {
    for (const agent_id of ['a', 'b', 'c']) await write({ agent_id });
    const [newest, next, ...more] = await log.page({}, undefined, 2);
    expect([newest?.agent_id, next?.agent_id, more.length]).toEqual(['c', 'b', 0]);
    // Just as the documentation has it.
    expect(LoggedEvent.parse(newest)).toEqual(newest);
    const before = { at: next?.created_at ?? '', id: String(next?.id) };
    expect((await log.page({}, before, 2)).map((event) => event.agent_id)).toEqual(['a']);
  });

  it.each(['plane', 'http', 'direct', null])('says who has written an event: %s', async (source) => {
    await write();
    const [event] = await log.page({}, undefined, 1);
    expect(LoggedEvent.parse({ ...event, source })).toEqual({ ...event, source });
    expect(LoggedEvent.safeParse({ ...event, source: 'somebody' }).success).toBe(false);
  });

  it('is of what was asked for, where that was said', async () => {
    await write({ agent_id: 'a' });
    await write({ agent_id: 'b', status: 'error' });
    expect(await page({ agent_id: 'a', status: undefined, ip: undefined })).toEqual(['a shop.buy']);
    expect(await page({ status: 'error' })).toEqual(['b shop.buy']);
    expect(await page({ agent_ids: ['b', 'c'] })).toEqual(['b shop.buy']);
  });

  it('is counted from one moment up to another', async () => {
    await write();
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    expect((await log.summary(at(-24), at(24))).events).toBe(1);
    expect((await log.summary(at(24), at(48))).events).toBe(0);
  });
});

describe('[TRU-001] verification', () => {
  it('looks at the rows, and at the copy outside with the key that stands there', async () => {
    for (let rows = 0; rows < 5; rows += 1) await write();
    const { n } = await sign();
    expect(await log.verify()).toMatchObject({
      ...{ ok: true, checked: 5, first_bad: null, damage: null, checkpoint: { n, signed: true } },
    });
    await tamper('delete from actp_audit.checkpoints');
    expect(await log.verify()).toMatchObject({ ok: false });
  });

  it('believes no signature of another key, unless an operator has accepted it', async () => {
    await write();
    await sign();
    await write();
    const other = createSigner('another-signing-key-of-the-tests-0123456789');
    const { n } = await sign(other);
    expect(await log.verify()).toMatchObject({ ok: false });
    await checkpointFile(dataDir).trust({ publicKey: other.publicKey, from: n });
    expect(await log.verify()).toMatchObject({ ok: true, checkpoint: { n, signed: true } });
  });

  it('is done once for all who ask meanwhile, and anew for who asks later', async () => {
    await write();
    const [one, other] = [log.verify(), log.verify()];
    expect(other).toBe(one);
    await one;
    await write();
    expect(await log.verify()).toMatchObject({ checked: 2 });
  });

  it('says soon that the database is not there, however long it may take', async () => {
    const away = { call: () => Promise.reject(new Error('away')) };
    const slow = { call: () => expect.fail('nothing is asked of it') };
    const unreachable = createAuditLog({ db: away, slowQueryDb: slow, dataDir });
    await expect(unreachable.verify()).rejects.toThrow('away');
    await expect(unreachable.verify()).rejects.toThrow('away');
    await expect(unreachable.summary('2026-01-01', '2026-01-02')).rejects.toThrow('away');
  });
});

describe('[TRU-001] damage', () => {
  async function damaged() {
    for (let rows = 0; rows < 3; rows += 1) await write();
    await sign();
    await tamper(
      `update actp_agent_audit_log set agent_id = 'changed' where id = (select min(id) from actp_agent_audit_log)`,
    );
    const { damage } = await log.verify();
    return damage ?? '';
  }
  const acknowledge = (damage: string, reason = 'restored on purpose', context = ann) =>
    log.acknowledge({ damage, reason }, context);

  it('is acknowledged by an operator who has looked at it, with a reason that holds no secret', async () => {
    const damage = await damaged();
    // One of the plane's own has no form by which the database would know it.
    const [key, own] = [['actp', 'key', 'f'.repeat(64)].join('_'), 'own secret of this test'];
    useOwnSecrets([own]);
    const acknowledged = await acknowledge(damage, `by ${key}, ${own} ${'x'.repeat(600)}`);
    expect(acknowledged).toEqual({
      ...{ id: expect.any(Number) as number, acknowledged_at: expect.any(String) as string },
    });
    const found = await log.verify();
    expect(found).toMatchObject({ damage: null, first_bad: null });
    expect(found.problems.map((problem) => problem.acknowledged !== null)).toContain(true);
    const [event] = (await audited('audit.acknowledge')).slice(-1);
    expect(event).toMatchObject({ agent_id: 'operator:ann@example.com', ip: '203.0.113.7' });
    const { rows } = await sql.query<{ reason: string }>('select reason from actp_audit.acknowledgements');
    expect(rows[0]?.reason).toMatch(/^by /);
    for (const secret of ['f'.repeat(64), own]) expect(rows[0]?.reason).not.toContain(secret);
    expect(rows[0]?.reason.length).toBeLessThanOrEqual(500);
    await expect(acknowledge(damage)).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'nothing is damaged that was not acknowledged' },
    });
  });

  it('is kept with the newest checkpoints of that moment, each place once', async () => {
    await acknowledge(await damaged());
    const place = last && { n: last.n, digest: checkpointDigest(last) };
    const kept = async () =>
      (
        await sql.query<{ places: number; stored: object | null; outside: object | null }>(
          `select jsonb_array_length(damage) as places, stored, outside from actp_audit.acknowledgements order by id`,
        )
      ).rows;
    const [first] = await kept();
    expect(first).toMatchObject({ stored: place, outside: place });
    await tamper('delete from actp_audit.checkpoints');
    const { damage, problems } = await log.verify();
    const open = problems.filter(({ acknowledged }) => acknowledged === null);
    expect(open.length).toBeLessThan(problems.length);
    await acknowledge(damage ?? '');
    expect((await kept())[1]).toEqual({ places: open.length, stored: null, outside: place });
  });

  it('is too much to be acknowledged when a thousand places are not enough', async () => {
    await damaged();
    const found = await log.verify();
    const [problem] = found.problems;
    if (problem === undefined) throw new Error('nothing is damaged');
    const withPlaces = (count: number) => ({
      ...log,
      verify: () => Promise.resolve({ ...found, problems: Array.from({ length: count }, () => problem) }),
    });
    const request = { damage: found.damage ?? '', reason: 'restored on purpose' };
    await expect(withPlaces(1_001).acknowledge(request, ann)).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'more than 1000 places are damaged; restore a backup' },
    });
    expect(await withPlaces(1_000).acknowledge(request, ann)).toHaveProperty('id');
  });

  it('is nobody else’s to acknowledge, nor another than was looked at', async () => {
    const damage = await damaged();
    for (const context of [asAgent(), asUser]) {
      await expect(acknowledge(damage, 'x', context)).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(acknowledge('a'.repeat(64))).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'the damage has changed; verify the log again, and look at it' },
    });
    expect((await log.verify()).damage).toBe(damage);
  });
});

it('the ends of the chains are known, of all days or of one', async () => {
  await write();
  const heads = await readHeads(auditor);
  expect(heads).toEqual([
    { day: heads[0]?.day, lane: expect.any(Number) as number, seq: 1, hash: expect.any(String) as string },
  ]);
  expect(await readHeads(auditor, heads[0]?.day)).toEqual(heads);
  expect(await readHeads(auditor, '2020-01-01')).toEqual([]);
});
