import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { listSnapshots } from './list-snapshots.ts';
import { reapRuns } from './reap-runs.ts';
import { snapshotStatus, storeSnapshot } from './record-snapshot.ts';
import { beginRun, extendRun } from './run.ts';
import { recentSelfTests, runningSelfTest } from './status.ts';

const stores = await openStores();
const { sql } = stores;
const runner = createDb(stores.env, 'runner', 20_000);
const gateway = createDb(stores.env, 'gateway', 20_000);
const bot = createDb(stores.env, 'bot', 20_000);
const scheduler = createDb(stores.env, 'scheduler', 20_000);

const begin = (runId: string = randomUUID()) =>
  beginRun(runner, { runId, trigger: 'http', jobId: 'job-1', holder: 'runner-1', leaseSeconds: 60 });
const alert = { problem: 'it is broken', recovery: 'it works again', note: null };
const snapshot = (runId: string, status = 'passed', more = {}) =>
  storeSnapshot(
    runner,
    { run_id: runId, trigger: 'http', status, tests_total: 3, tests_passed: 2, ...more },
    alert,
  );
const begun = async () => {
  const runId = randomUUID();
  expect(await begin(runId)).toBe(true);
  return runId;
};
const messages = async () =>
  (await sql.query<{ body: string }>('select body from actp_notifications order by created_at')).rows.map(
    ({ body }) => body,
  );

beforeEach(() =>
  sql.query('truncate actp_selftest_runs, actp_agent_health_snapshots, actp_notifications cascade'),
);

describe('[SEC-005] a self-test run', () => {
  it('is one at a time, and says at which step it is', async () => {
    expect(await runningSelfTest(bot)).toBeUndefined();
    const runId = await begun();
    expect(await begin()).toBe(false);
    expect(await extendRun(runner, { runId, step: 'suites', leaseSeconds: 60 })).toBe(true);
    expect(await runningSelfTest(bot)).toEqual({
      ...{ trigger: 'http', step: 'suites', started_at: expect.any(String) as string },
    });
    expect(await extendRun(runner, { runId: randomUUID(), step: 'suites', leaseSeconds: 60 })).toBe(false);
    await snapshot(runId);
    expect(await runningSelfTest(bot)).toBeUndefined();
    expect(await begin()).toBe(true);
  });

  it('has one result, and a message when something is wrong, and when it is right again', async () => {
    const first = await begun();
    expect(await snapshotStatus(runner, first)).toBeUndefined();
    expect(await snapshot(first, 'failed')).toEqual({ recorded: true, notification_id: expect.any(String) });
    expect(await snapshotStatus(runner, first)).toBe('failed');
    expect(await snapshot(first)).toEqual({ recorded: false, notification_id: null });
    expect(await snapshotStatus(runner, first)).toBe('failed');
    expect(await messages()).toEqual(['it is broken']);
    await snapshot(await begun());
    expect(await messages()).toEqual(['it is broken', 'it works again']);
    expect(await snapshot(await begun())).toEqual({ recorded: true, notification_id: null });
  });

  it('is ended with an error once its runner is gone', async () => {
    const runId = await begun();
    expect(await reapRuns(scheduler)).toBe(0);
    await sql.query(`update actp_selftest_runs set lease_until = now() - interval '1 second'`);
    expect(await reapRuns(scheduler)).toBe(1);
    expect(await snapshotStatus(runner, runId)).toBe('error');
    expect(await extendRun(runner, { runId, step: 'suites', leaseSeconds: 60 })).toBe(false);
    expect(await snapshot(runId)).toMatchObject({ recorded: false });
  });

  it('is listed, newest first', async () => {
    const services = [{ name: 'shop', up: true, detail: 'ok' }];
    const failures = [{ suite: 'unit', test: 'adds', message: 'expected 1' }];
    const heal = { state: 'healed', suites: [{ suite: 'unit', state: 'healed' }] };
    const [one, two] = [await begun(), randomUUID()];
    await snapshot(one, 'failed', { services, failures, heal });
    await begin(two);
    // As an older release, or another program, may have written it.
    await snapshot(two, 'failed', { services: [{ name: 7 }], failures: [{ test: 7 }], heal: 'x' });
    expect((await listSnapshots(gateway, 10)).map(({ run_id }) => run_id)).toEqual([two, one]);
    expect((await listSnapshots(gateway, 1)).map(({ run_id }) => run_id)).toEqual([two]);
    expect(await recentSelfTests(bot, 10)).toMatchObject([
      { run_id: two, services: [], failures: [], heal: null },
      { run_id: one, status: 'failed', tests_total: 3, tests_passed: 2, services, failures, heal },
    ]);
    expect(await recentSelfTests(bot, 1)).toHaveLength(1);
    expect(Object.keys((await recentSelfTests(bot, 1))[0] ?? {}).toSorted()).toEqual([
      ...['created_at', 'failures', 'heal', 'run_id', 'services', 'services_total', 'services_up'],
      ...['status', 'tests_passed', 'tests_total', 'trigger'],
    ]);
    const three = randomUUID();
    await snapshot(three, 'failed', { services: [7], failures: [7], heal: { state: 'healed', suites: 7 } });
    expect(await recentSelfTests(bot, 1)).toMatchObject([
      { run_id: three, services: [], failures: [], heal: { state: 'healed', suites: [] } },
    ]);
  });
});
