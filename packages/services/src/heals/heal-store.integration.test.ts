import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { beginRun } from '../self-test/run.ts';
import { createHealStore, dueHeals, type HealLimits } from './heal-store.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'runner', 20_000);
const heals = createHealStore(db, 'worker');
const noLimits: HealLimits = { max_attempts_per_day: 0, same_failure_hours: 0, breaker_failures: 0 };
const idle = { status: 'idle', pid: null, lastUpdate: null };
const id = expect.stringMatching(/^[\da-f-]{36}$/) as string;
const time = expect.any(String) as string;

beforeEach(() =>
  sql.query(
    'truncate actp_heals, actp_leases, actp_kill_switches, actp_selftest_runs, actp_agent_health_snapshots cascade',
  ),
);

/** A run of which the worker has the lease. */
async function newRun(heal: object | null = null): Promise<string> {
  const runId = randomUUID();
  await sql.query(
    `insert into actp_agent_health_snapshots (run_id, trigger, status, services_up, services_total, heal)
     values ($1, 'nightly', 'failed', 1, 1, $2)`,
    [runId, heal],
  );
  await sql.query('select acquire_lease($1, $2, 3600)', [`heal:${runId}`, 'worker']);
  return runId;
}
async function openOne(suite = 'unit') {
  const runId = await newRun();
  const [heal] = await heals.open(
    runId,
    { request: 'r-1', by: 'http' },
    [{ suite, fingerprint: `of ${suite}`, skip: null }],
    '-',
  );
  if (heal === undefined) throw new Error('no heal was opened');
  return heal;
}
const killHeals = () =>
  sql.query(
    `insert into actp_kill_switches (scope, reason, set_by) values ('all', 'a test', 'operator:a@b.c')`,
  );

describe('heals in the database', () => {
  it('are opened once for each suite, skipped ones with their reason', async () => {
    const runId = await newRun();
    const suites = [
      { suite: 'unit', fingerprint: 'f-1', skip: null },
      { suite: 'docs', fingerprint: 'f-2', skip: 'is not to be healed' },
    ];
    const opened = await heals.open(runId, { request: 'r-1', by: 'telegram' }, suites, 'nothing');
    const same = { id, run_id: runId, request: 'r-1', facts: {}, attempted_at: null, sent_at: null };
    const clock = { overdue: false, seconds_left: 0, seconds_since_sent: null };
    expect(opened).toEqual([
      { ...same, ...clock, suite: 'unit', step: 'queued', state: 'queued', reason: null, finished_at: null },
      {
        ...{ ...same, ...clock, suite: 'docs', step: 'report', state: 'skipped' },
        ...{ reason: 'is not to be healed', finished_at: time },
      },
    ]);
    expect(await heals.open(runId, { request: 'r-1', by: 'telegram' }, [], 'nothing')).toEqual(opened);
    const { rows } = await sql.query('select asked_by, fingerprint from actp_heals order by place');
    expect(rows).toEqual([
      { asked_by: 'telegram', fingerprint: 'f-1' },
      { asked_by: 'telegram', fingerprint: 'f-2' },
    ]);
  });

  it('say why there is nothing to heal', async () => {
    const runId = await newRun();
    expect(await heals.open(runId, { request: 'r-1', by: 'http' }, [], 'nothing has failed')).toEqual([]);
    const { rows } = await sql.query<{ heal: object }>('select heal from actp_agent_health_snapshots');
    expect(rows[0]?.heal).toMatchObject({ state: 'skipped', reason: 'nothing has failed', asked_by: 'http' });
  });

  it('go from step to step, with what is known of them', async () => {
    const opened = await openOne();
    expect(await heals.claim(opened.id, noLimits)).toMatchObject({
      result: 'claimed',
      reason: '',
      heal: { id: opened.id, step: 'prepare', state: 'running', attempted_at: null },
    });
    const start = await heals.move(opened.id, 'start', { before_digest: 'd-1' }, 100);
    expect(start).toMatchObject({ step: 'start', facts: { before_digest: 'd-1' }, overdue: false });
    expect(start.seconds_left).toBeGreaterThan(90);
    expect(start.seconds_left).toBeLessThanOrEqual(100);

    expect(await heals.intend(opened.id, idle)).toMatchObject({
      result: 'intended',
      heal: { step: 'start', sent_at: time, facts: { acd: { before: idle } } },
    });
    expect(await heals.intend(opened.id, idle)).toMatchObject({ result: 'known', heal: { id: opened.id } });
    expect(await heals.forget(opened.id)).toMatchObject({ step: 'start', sent_at: null });
    expect(await heals.intend(opened.id, null)).toMatchObject({
      result: 'intended',
      heal: { facts: { acd: { before: null } } },
    });

    const begun = { pid: 17, startedAt: '2026-01-02T03:04:05Z', certain: true };
    const waiting = await heals.started(opened.id, begun, 1_000);
    expect(waiting).toMatchObject({ step: 'wait', facts: { acd: { before: null, ...begun } } });
    expect(waiting.seconds_left).toBeGreaterThan(900);
    expect(waiting.seconds_since_sent).toBeLessThan(60);

    // Another step without a time keeps the deadline.
    const judged = await heals.move(opened.id, 'verify', { verdict: { healed: true, reason: 'all pass' } });
    expect(judged).toMatchObject({
      step: 'verify',
      facts: { verdict: { healed: true, reason: 'all pass' } },
    });
    expect(judged.seconds_left).toBeGreaterThan(900);

    const healed = await heals.finish(
      opened.id,
      { state: 'healed', reason: 'all pass', facts: { branch: 'heal/1', tests: ['a'] } },
      noLimits,
    );
    expect(healed).toMatchObject({
      ...{ step: 'report', state: 'healed', reason: 'all pass', attempted_at: time, finished_at: time },
      facts: { before_digest: 'd-1', branch: 'heal/1', tests: ['a'] },
    });
    expect(await heals.read(opened.id)).toMatchObject({ id: opened.id, state: 'healed' });
  });

  it('say that their time is over', async () => {
    const { id: heal } = await openOne();
    await heals.claim(heal, noLimits);
    await heals.move(heal, 'start', {}, 0);
    expect(await heals.read(heal)).toMatchObject({ overdue: true, seconds_left: 0 });
  });

  it('are claimed one at a time, within the limits, and not while a kill switch is on', async () => {
    const first = await openOne('one');
    await heals.claim(first.id, noLimits);
    const second = await openOne('two');
    expect(await heals.claim(second.id, noLimits)).toEqual({
      result: 'busy',
      reason: 'another heal is under way',
    });
    await heals.move(first.id, 'start', {});
    await heals.intend(first.id, null);
    await heals.finish(first.id, { state: 'not_healed', reason: 'no' }, noLimits);
    expect(await heals.claim(second.id, { ...noLimits, breaker_failures: 1 })).toEqual({
      result: 'limited',
      reason: expect.stringContaining('breaker_failures: 1') as string,
    });
    const again = await openOne('one');
    expect(await heals.claim(again.id, { ...noLimits, max_attempts_per_day: 1 })).toEqual({
      result: 'limited',
      reason: expect.stringContaining('max_attempts_per_day: 1') as string,
    });
    expect(await heals.blocked()).toBe(false);
    await killHeals();
    expect(await heals.blocked()).toBe(true);
    expect(await heals.claim(second.id, noLimits)).toEqual({
      result: 'blocked',
      reason: 'a kill switch is on',
    });
  });

  it('do not start the agent when a kill switch was set meanwhile', async () => {
    const { id: heal } = await openOne();
    await heals.claim(heal, noLimits);
    await heals.move(heal, 'start', {});
    await killHeals();
    expect(await heals.intend(heal, idle)).toMatchObject({
      result: 'blocked',
      heal: { id: heal, step: 'start', sent_at: null },
    });
  });

  it('tell people when a failure has opened the breaker', async () => {
    const { id: heal } = await openOne();
    await heals.claim(heal, noLimits);
    await heals.move(heal, 'start', {});
    await heals.intend(heal, null);
    await heals.finish(heal, { state: 'not_healed', reason: 'no' }, { ...noLimits, breaker_failures: 1 });
    const { rows } = await sql.query(`select body from actp_notifications where dedupe_key = $1`, [
      `heal-breaker:${heal}`,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('are changed by nobody but the holder of the run', async () => {
    const { id: heal, run_id: runId } = await openOne();
    const other = createHealStore(db, 'another');
    const refused = [
      () => other.open(runId, { request: 'r-2', by: 'http' }, [], '-'),
      () => other.claim(heal, noLimits),
      () => other.move(heal, 'queued', {}),
      () => other.intend(heal, null),
      () => other.forget(heal),
      () => other.started(heal, { pid: null, startedAt: null, certain: false }, 60),
      () => other.finish(heal, { state: 'skipped', reason: '-' }, noLimits),
    ];
    for (const change of refused) await expect(change()).rejects.toThrow('another worker has taken over');
    expect(await heals.read(heal)).toMatchObject({ step: 'queued', state: 'queued' });
  });

  it.each([
    { before_digest: 1 },
    { acd: 'running' },
    { acd: { pid: '17' } },
    { acd: { before: { status: 'idle' } } },
    { uncounted: false },
    { verdict: { healed: 'yes', reason: '' } },
    { verdict: { healed: true } },
    { note: 1 },
    { tests: ['a', 1] },
    { changed_files: 'a' },
    { approval_id: 1 },
  ])('are not read with facts that no worker writes: %j', async (facts) => {
    const { id: heal } = await openOne();
    await sql.query('update actp_heals set facts = $2 where id = $1', [heal, facts]);
    await expect(heals.read(heal)).rejects.toThrow(Object.keys(facts)[0]);
  });

  it('keep facts that another version has added', async () => {
    const { id: heal } = await openOne();
    const facts = { uncounted: true, of_tomorrow: 1 };
    await sql.query('update actp_heals set facts = $2 where id = $1', [heal, facts]);
    expect((await heals.read(heal)).facts).toEqual(facts);
  });
});

describe('what heals look at', () => {
  it('tells whether a self-test is under way', async () => {
    expect(await heals.selfTestUnderWay()).toBe(false);
    const run = { trigger: 'http', jobId: 'a', holder: 'a', leaseSeconds: 60 } as const;
    await beginRun(db, { runId: randomUUID(), ...run });
    expect(await heals.selfTestUnderWay()).toBe(true);
  });

  it.each(['plane', 'http', 'telegram'])('lists what nobody works on, asked for by %s', async (by) => {
    const heal = { state: 'queued', request: 'r-1', asked_by: by };
    const runId = await newRun(heal);
    await newRun(heal); // of which somebody has the lease
    await sql.query(`delete from actp_leases where name = $1`, [`heal:${runId}`]);
    expect(await dueHeals(db, 0)).toEqual([{ run_id: runId, request: 'r-1', by }]);
    expect(await dueHeals(db, 60)).toEqual([]);
  });
});
