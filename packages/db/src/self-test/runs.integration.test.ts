import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';
import { answerAfterWaiting } from '../waits.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

const begin = (id: string) => call<boolean>(`begin_selftest_run($1, 'nightly', 'job-1', 'runner-1', 60)`, id);
const reap = () => call<number>('reap_selftest_runs()');
const texts = { problem: 'it fails', recovery: 'it passes again', note: 'it runs' };
const snapshot = (id: string, status: string) => ({ run_id: id, trigger: 'nightly', status });
const record = (id: string, status: string) =>
  call<{ recorded: boolean; kind: string }>('record_snapshot($1, $2)', snapshot(id, status), texts);
async function begun(): Promise<string> {
  const id = randomUUID();
  expect(await begin(id)).toBe(true);
  return id;
}
/** Begun so many days ago, by a runner of which nothing was heard since. */
async function abandoned(days = 1): Promise<string> {
  const id = await begun();
  await sql.query(
    `update actp_selftest_runs set step = 'suites', started_at = now() - make_interval(days => $2),
       lease_until = now() - interval '1 second' where run_id = $1`,
    [id, days],
  );
  return id;
}
const runs = async () => {
  const { rows } = await sql.query<{ id: string; step: string; ended: string | null }>(
    'select run_id as id, step, finished_at::text as ended from actp_selftest_runs order by started_at',
  );
  return rows;
};
const snapshots = async () => {
  const { rows } = await sql.query<{ id: string; status: string; ms: number; failures: unknown }>(
    'select run_id as id, status, duration_ms as ms, failures from actp_agent_health_snapshots',
  );
  return rows;
};
const messages = async () => (await sql.query('select kind, body from actp_notifications')).rows;

beforeEach(() =>
  sql.query('truncate actp_selftest_runs, actp_agent_health_snapshots, actp_notifications cascade'),
);

describe('[SEC-005] a self-test whose runner is gone', () => {
  it('is ended once, and says at which step it was', async () => {
    const id = await abandoned();
    expect([await reap(), await reap()]).toEqual([1, 0]);
    expect(await runs()).toMatchObject([{ id, ended: expect.any(String) }]);
    expect(await snapshots()).toMatchObject([
      {
        ...{ id, status: 'error' },
        failures: [{ suite: null, test: null, message: 'the self-test runner died in step suites' }],
      },
    ]);
    expect(await messages()).toEqual([
      {
        kind: 'selftest.problem',
        body: 'Self-test did not finish: its runner died in step suites (nightly)',
      },
    ]);
  });

  it('is ended by the next one that begins', async () => {
    const gone = await abandoned();
    const id = await begun();
    expect(await runs()).toMatchObject([
      { id: gone, ended: expect.any(String) },
      { id, ended: null },
    ]);
    expect(await begin(randomUUID())).toBe(false);
    expect(await runs()).toHaveLength(2);
  });

  it('has taken as long as it has, as far as its row can hold it', async () => {
    await abandoned(24);
    await reap();
    const [long] = await snapshots();
    const days = (long?.ms ?? 0) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(24);
    expect(days).toBeLessThan(24.01);
    await sql.query('truncate actp_agent_health_snapshots');
    await abandoned(25);
    await reap();
    expect(await snapshots()).toMatchObject([{ ms: 2_147_483_647 }]);
  });
});

describe('[SEC-005] the result of a self-test', () => {
  it('ends this run and no other', async () => {
    const first = await begun();
    await record(first, 'passed');
    const [before] = await runs();
    const second = await begun();
    await record(randomUUID(), 'passed');
    expect(await runs()).toEqual([before, { id: second, step: expect.any(String), ended: null }]);
    await record(second, 'passed');
    const after = await runs();
    expect(after).toMatchObject([before, { id: second, step: 'report', ended: expect.any(String) }]);
  });

  it('is told by what was told of the one before, whatever else was said since', async () => {
    expect((await record(await begun(), 'failed')).kind).toBe('problem');
    await call(`enqueue_notification('other', 'alert', 'text')`);
    expect((await record(await begun(), 'passed')).kind).toBe('recovery');
    expect((await record(await begun(), 'passed')).kind).toBe('note');
    expect((await record(await begun(), 'healed')).kind).toBe('note');
    expect((await record(await begun(), 'error')).kind).toBe('problem');
  });

  it('waits for another that is being written', async () => {
    const lock = ['select record_snapshot($1, $2)', snapshot(randomUUID(), 'failed'), texts] as const;
    const second = answerAfterWaiting(sql, { lock }, () => record(randomUUID(), 'passed'));
    expect(await second).toMatchObject({ recorded: true, kind: 'recovery' });
  });
});
