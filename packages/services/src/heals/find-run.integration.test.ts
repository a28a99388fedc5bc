import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { findRun, newestFailedRun } from './find-run.ts';
import { readHealableRun } from './read-healable-run.ts';

const stores = await openStores();
const db = createDb(stores.env, 'gateway', 20_000);

async function snapshot(status: string, agoMinutes: number, over: { heal?: object; suites?: object[] } = {}) {
  const runId = randomUUID();
  const failures = [
    { suite: 'unit', test: 'a', message: 'is wrong' },
    { suite: 'unit', test: null, message: 'did not end' },
    { suite: 'docs', test: 'b', message: 'of another' },
    { suite: null, test: 'c' },
    { suite: 'unit', test: 'd' },
  ];
  await stores.sql.query(
    `insert into actp_agent_health_snapshots
       (run_id, trigger, status, services_up, services_total, suites, failures, flaky, heal, created_at)
     values ($1, 'nightly', $2, 1, 1, $3, $4, $5, $6, now() - make_interval(mins => $7))`,
    [
      runId,
      status,
      JSON.stringify(
        over.suites ?? [
          { name: 'unit', status: 'failed', timed_out: true },
          { name: 'lint', status: 'failed' },
          { name: 'good', status: 'passed' },
        ],
      ),
      JSON.stringify(failures),
      JSON.stringify([{ suite: 'unit', test: 'e' }]),
      over.heal ?? null,
      agoMinutes,
    ],
  );
  return runId;
}

it('finds the newest run that failed, and a run by its id', async () => {
  expect(await newestFailedRun(db)).toBeUndefined();
  const oldest = await snapshot('failed', 30);
  const newest = await snapshot('failed', 20);
  await snapshot('failed', 40);
  const healed = await snapshot('healed', 10);
  expect(await newestFailedRun(db)).toEqual({ run_id: newest, status: 'failed' });
  expect(await findRun(db, oldest)).toEqual({ run_id: oldest, status: 'failed' });
  expect(await findRun(db, healed)).toEqual({ run_id: healed, status: 'healed' });
  expect(await findRun(db, randomUUID())).toBeUndefined();
});

it.each(['failed', 'error'])('says what could be healed of a run that is %s', async (status) => {
  const runId = await snapshot(status, 1, { heal: { state: 'running', request: 'r-1' } });
  expect(await readHealableRun(db, runId)).toEqual({
    status,
    failed: [
      {
        name: 'unit',
        timed_out: true,
        failures: [
          { test: 'a', message: 'is wrong' },
          { test: 'd', message: '' },
        ],
      },
      { name: 'lint', timed_out: false, failures: [] },
    ],
    flaky: [{ suite: 'unit', test: 'e' }],
    openRequest: 'r-1',
    row: expect.objectContaining({ run_id: runId, trigger: 'nightly' }) as object,
  });
});

it.each(['passed', 'healed'])('has nothing to heal of a run that is %s', async (status) => {
  expect(await readHealableRun(db, await snapshot(status, 1))).toMatchObject({ status, failed: [] });
});

it.each([
  [{ state: 'queued', request: 'r-1' }, 'r-1'],
  [{ state: 'running' }, null],
  [{ state: 'healed', request: 'r-1' }, null],
  [{ state: 'skipped', request: 'r-1' }, null],
  [{ request: 'r-1' }, null],
])('knows of %j the request whose healing is not over', async (heal, openRequest) => {
  expect(await readHealableRun(db, await snapshot('failed', 1, { heal }))).toMatchObject({ openRequest });
});

it('takes what older versions have left out, or written otherwise, for nothing', async () => {
  const runId = await snapshot('failed', 1, { suites: [{ title: 'unit' }] });
  await stores.sql.query(
    `update actp_agent_health_snapshots set failures = '[1]', flaky = '["a"]' where run_id = $1`,
    [runId],
  );
  expect(await readHealableRun(db, runId)).toMatchObject({ failed: [], flaky: [], openRequest: null });
  expect(await readHealableRun(db, randomUUID())).toBeNull();
});

it('knows of a suite that failed, where the failures cannot be read', async () => {
  const runId = await snapshot('failed', 1);
  await stores.sql.query(`update actp_agent_health_snapshots set failures = '[1]' where run_id = $1`, [
    runId,
  ]);
  expect((await readHealableRun(db, runId))?.failed).toEqual([
    { name: 'unit', timed_out: true, failures: [] },
    { name: 'lint', timed_out: false, failures: [] },
  ]);
});
