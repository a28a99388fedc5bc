import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const none = { max_attempts_per_day: 0, same_failure_hours: 0, breaker_failures: 0 };

interface Heal {
  id: string;
  suite: string;
  state: string;
  step: string;
  reason: string | null;
  seconds_left: number | null;
  overdue: boolean;
}
interface Suite {
  suite: string;
  fingerprint: string;
  skip: string | null;
}
const suite = (name: string, skip: string | null = null): Suite => ({
  suite: name,
  fingerprint: `f-${name}`,
  skip,
});
interface Snapshot {
  status: string;
  heal: { state: string; reason: string; request: string; asked_by: string; suites: object[] } | null;
}

/** A run of the self-test that has failed, of which this worker has the lease. */
async function run(
  over: { up?: number; failures?: object[]; heal?: object; suites?: string[] } = {},
): Promise<string> {
  const id = randomUUID();
  const { up = 1, failures = [{ suite: 'unit' }], heal = null, suites = ['unit'] } = over;
  await sql.query(
    `insert into actp_agent_health_snapshots (run_id, trigger, status, services_up, services_total, suites, failures, heal)
     values ($1, 'nightly', 'failed', $2, 1, $3, $4, $5)`,
    [
      id,
      up,
      JSON.stringify([
        ...suites.map((name) => ({ name, status: 'failed' })),
        { name: 'good', status: 'passed' },
      ]),
      JSON.stringify(failures),
      heal,
    ],
  );
  await call(`acquire_lease($1, 'worker-1', 3600)`, `heal:${id}`);
  return id;
}
const open = (runId: string, suites: Suite[], request = 'plane', by = 'plane') =>
  call<Heal[]>(
    `open_heals($1, 'worker-1', $2, $3, $4, 'nothing to do')`,
    runId,
    request,
    by,
    JSON.stringify(suites),
  );
const claim = (id: string) => call(`claim_heal($1, 'worker-1', $2)`, id, none);
const move = (id: string, step: string, seconds: number | null = null) =>
  call<Heal>(`move_heal($1, 'worker-1', $2, $3, $4)`, id, step, { [step]: true }, seconds);
const send = (id: string) => call<{ result: string }>(`intend_heal_start($1, 'worker-1', '{"n": 1}')`, id);
const begin = (id: string, seconds = 600) =>
  call<Heal>(`record_heal_start($1, 'worker-1', '{"pid": 7}', $2)`, id, seconds);
const finish = (id: string, state: string, reason = 'because') =>
  call<Heal>(`finish_heal($1, 'worker-1', $2, $3, '{}', $4)`, id, state, reason, none);
const snapshotOf = async (runId: string) => {
  const { rows } = await sql.query<Snapshot>(
    'select status, heal from actp_agent_health_snapshots where run_id = $1',
    [runId],
  );
  return rows[0];
};
async function healed(id: string) {
  await claim(id);
  await move(id, 'start');
  await send(id);
  await begin(id);
  await move(id, 'verify');
  await finish(id, 'healed', 'it passes');
}
beforeEach(async () => {
  await sql.query('truncate actp_heals');
});

describe('a request to heal', () => {
  it('is taken up once, suite by suite, and what is not tried says why', async () => {
    const [id, other] = [await run(), await run()];
    const rows = await rowsLeftBy(sql, async () => {
      expect(await open(id, [suite('unit'), suite('e2e', 'too many')])).toMatchObject([
        { suite: 'unit', state: 'queued', step: 'queued', reason: null },
        { suite: 'e2e', state: 'skipped', step: 'report', reason: 'too many' },
      ]);
    });
    expect(rows).toMatchObject([
      { action_type: 'heal.queue', agent_id: 'self-heal', result: { suite: 'unit' } },
      { action_type: 'heal.verdict', agent_id: 'self-heal', result: { suite: 'e2e', state: 'skipped' } },
    ]);
    expect(await snapshotOf(id)).toMatchObject({
      heal: { state: 'running', request: 'plane', asked_by: 'plane', reason: 'e2e: too many' },
    });
    expect((await snapshotOf(other))?.heal).toBeNull();
    expect(await rowsLeftBy(sql, () => open(id, [suite('unit')]))).toEqual([]);
    expect(await open(id, [suite('unit')])).toHaveLength(2);
    expect(await open(id, [suite('unit')], 'by hand', 'http')).toHaveLength(1);
  });

  it('says that a worker has it in hand, of what has not ended, of this run and request', async () => {
    const [id, other] = [await run(), await run()];
    await open(id, [suite('a'), suite('b', 'skipped')]);
    await open(id, [suite('a')], 'by hand');
    await open(other, [suite('a')]);
    await sql.query(`update actp_heals set touched_at = now() - interval '1 hour'`);
    await open(id, []);
    const { rows } = await sql.query<{ heal: string }>(
      `select concat_ws(' ', run_id = $1, request, suite) as heal from actp_heals where touched_at > now() - interval '30 minutes'`,
      [id],
    );
    expect(rows).toEqual([{ heal: 't plane a' }]);
  });

  it('of nothing says so, and leaves what an earlier one has come to', async () => {
    const [fresh, queued, done] = [
      await run(),
      await run({ heal: { state: 'queued' } }),
      await run({ heal: { state: 'healed', reason: 'as it was' } }),
    ];
    for (const id of [fresh, queued, done]) expect(await open(id, [])).toEqual([]);
    const nothing = { heal: { state: 'skipped', reason: 'nothing to do', suites: [] } };
    expect([await snapshotOf(fresh), await snapshotOf(queued), await snapshotOf(done)]).toMatchObject([
      nothing,
      nothing,
      { heal: { state: 'healed', reason: 'as it was' } },
    ]);
  });

  it('is only taken up by who has the lease', async () => {
    const id = await run();
    await call(`release_lease($1, 'worker-1')`, `heal:${id}`);
    await call(`acquire_lease($1, 'worker-2', 3600)`, `heal:${id}`);
    await expect(open(id, [suite('unit')])).rejects.toThrow('another worker');
  });
});

describe('what has become of a run', () => {
  it.each<[what: string, suites: string[], ends: Array<string | null>, state: string]>([
    ['nothing yet', ['a', 'b'], [null, null], 'queued'],
    ['one under way', ['a', 'b'], ['running', null], 'running'],
    ['one to come', ['a', 'b'], ['skipped', null], 'running'],
    ['one not healed', ['a', 'b'], ['healed', 'not_healed'], 'not_healed'],
    ['all healed', ['a', 'b'], ['healed', 'healed'], 'healed'],
    ['one healed, one skipped', ['a', 'b'], ['healed', 'skipped'], 'healed'],
    ['none tried', ['a', 'b'], ['skipped', 'skipped'], 'skipped'],
  ])('is told: %s', async (_what, suites, ends, state) => {
    const id = await run({ suites });
    const heals = await open(
      id,
      suites.map((name) => suite(name)),
    );
    for (const [n, end] of ends.entries()) {
      const heal = heals[n]?.id ?? '';
      if (end === 'running') await claim(heal);
      else if (end === 'healed') await healed(heal);
      else if (end === 'not_healed') {
        await claim(heal);
        await finish(heal, 'not_healed');
      } else if (end !== null) await finish(heal, end);
    }
    expect(await snapshotOf(id)).toMatchObject({
      heal: { state, suites: suites.map((name) => ({ suite: name })) },
    });
  });

  it.each<[what: string, over: Parameters<typeof run>[0], status: string]>([
    ['all that had failed is healed', {}, 'healed'],
    ['another suite had failed too', { suites: ['unit', 'other'] }, 'failed'],
    ['a service was down', { up: 0 }, 'failed'],
    ['something failed outside of the suites', { failures: [{ suite: 'unit' }, { what: 'x' }] }, 'failed'],
  ])('is good when %s', async (_what, over, status) => {
    const [id, other] = [await run(over), await run(over)];
    // What another run or another request has healed does not count here.
    const [foreign] = await open(other, [suite('other')]);
    const [earlier] = await open(id, [suite('other')], 'by hand');
    for (const heal of [foreign, earlier]) await healed(heal?.id ?? '');
    expect(await snapshotOf(id)).toMatchObject({ status: 'failed' });
    const [heal] = await open(id, [suite('unit')]);
    await healed(heal?.id ?? '');
    expect(await snapshotOf(id)).toMatchObject({ status, heal: { reason: 'unit: it passes' } });
    expect(await snapshotOf(other)).toMatchObject({ status: 'failed' });
  });
});

describe('a heal', () => {
  it('has its time from the moment of the call, and is overdue after it', async () => {
    const [heal] = await open(await run(), [suite('unit')]);
    const id = heal?.id ?? '';
    const left = async () => Math.round(((await call<Heal>('read_heal($1)', id)).seconds_left ?? -60) / 60);
    await claim(id);
    expect(await move(id, 'start', 600)).toMatchObject({ step: 'start', overdue: false });
    expect(await left()).toBe(10);
    // Once it is set it stays.
    await move(id, 'start', 6_000);
    expect(await left()).toBe(10);
    await send(id);
    expect(await begin(id, 1_200)).toMatchObject({ step: 'wait', overdue: false });
    expect(await left()).toBe(20);
    await sql.query(`update actp_heals set deadline_at = now() - interval '1 second' where id = $1`, [id]);
    expect(await call('read_heal($1)', id)).toMatchObject({ overdue: true, seconds_left: 0 });
    const { rows } = await sql.query('select facts from actp_heals where id = $1', [id]);
    expect(rows).toEqual([{ facts: { start: true, acd: { before: { n: 1 }, pid: 7 } } }]);
  });

  it('is started by one call, which may be sent again when it was certainly not carried out', async () => {
    const run1 = await run();
    const [heal, other] = await open(run1, [suite('unit'), suite('e2e')]);
    const id = heal?.id ?? '';
    await claim(id);
    expect((await send(id)).result).toBe('known');
    expect((await begin(id)).step).toBe('prepare');
    await move(id, 'start');
    expect((await begin(id)).step).toBe('start');
    expect([(await send(id)).result, (await send(id)).result]).toEqual(['intended', 'known']);
    const attempted = async () =>
      (await sql.query('select attempted_at from actp_heals where id = $1', [id])).rows;
    const first = await attempted();
    await call(`forget_heal_start($1, 'worker-1')`, id);
    expect((await send(id)).result).toBe('intended');
    expect(await attempted()).toEqual(first);
    const rows = await rowsLeftBy(sql, () => begin(id));
    expect(rows).toMatchObject([
      { action_type: 'heal.started', status: 'ok', result: { suite: 'unit', acd: { pid: 7 } } },
    ]);
    // It has begun: nothing is forgotten any more.
    expect(await call(`forget_heal_start($1, 'worker-1')`, id)).toMatchObject({
      step: 'wait',
      sent_at: expect.any(String),
    });
    expect(await call('read_heal($1)', other?.id)).toMatchObject({
      state: 'queued',
      sent_at: null,
      started_at: null,
    });
  });
});

describe('what was lost', () => {
  const due = async () =>
    (await call<Array<{ run_id: string; request: string; by: string }>>('due_heals(60)')).map(
      ({ run_id }) => run_id,
    );
  const age = (id: string, minutes: number) =>
    sql.query(
      `update actp_agent_health_snapshots set created_at = now() - make_interval(mins => $2) where run_id = $1`,
      [id, minutes],
    );

  it('is a run whose healing has not ended, and that no worker has a hand on, the oldest first', async () => {
    const of = (state: string) => run({ heal: { state, request: 'r' } });
    const [queued, running, ended, fresh, old, leased, touched] = [
      await of('queued'),
      await of('running'),
      await of('healed'),
      await of('queued'),
      await of('queued'),
      await of('queued'),
      await of('queued'),
    ];
    await run();
    await open(touched, [suite('unit')], 'r');
    for (const [id, minutes] of [
      [queued, 5],
      [running, 9],
      [ended, 5],
      [old, 43_260],
      [leased, 5],
      [touched, 5],
    ] as const)
      await age(id, minutes);
    for (const id of [queued, running, ended, fresh, old, touched])
      await call(`release_lease($1, 'worker-1')`, `heal:${id}`);
    expect(await due()).toEqual([running, queued]);
    expect(await call('due_heals(60)')).toMatchObject([{ request: 'r', by: 'plane' }, {}]);
    await sql.query(`update actp_leases set expires_at = now() - interval '1 second' where name = $1`, [
      `heal:${leased}`,
    ]);
    await sql.query(`update actp_heals set touched_at = now() - interval '2 minutes'`);
    expect((await due()).toSorted()).toEqual([queued, running, leased, touched].toSorted());
  });
});
