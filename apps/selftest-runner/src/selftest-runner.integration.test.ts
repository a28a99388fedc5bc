import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openBench, openBotWorkers, suite } from './selftest-runner.fixture.ts';

const bench = await openBench();
const { stores, producer } = bench;
openBotWorkers(stores);

/** Waits until a job has ended; gives its result. */
async function resultOf(id: string | undefined): Promise<unknown> {
  return eventually(() =>
    producer.use('selftest', async (queue) => {
      // The state first: a job that was read before its end has no result.
      const state = await queue.getJobState(id ?? '');
      const job = await queue.getJob(id ?? '');
      if (state === 'failed') throw new Error(job?.failedReason);
      return state === 'completed' && (job?.returnvalue as object);
    }),
  );
}

describe('the self-test at the start of the plane', () => {
  it('[SEC-003][SEC-005] runs by itself and leaves a snapshot with every column', async () => {
    await bench.configure({
      services: [{ name: 'redis', builtin: 'redis' }],
      suites: [suite('quick', 'echo fine')],
    });
    await bench.start();
    const [snapshot] = await bench.snapshotsOf(1);
    expect(snapshot).toMatchObject({
      trigger: 'startup',
      status: 'passed',
      tests_total: 1,
      tests_passed: 1,
      tests_failed: 0,
      services_up: 1,
      services_total: 1,
      services: [{ name: 'redis', up: true, detail: 'answers' }],
      suites: [{ name: 'quick', status: 'passed', output_excerpt: 'fine\n', exit_code: 0, timed_out: false }],
      failures: [],
      flaky: [],
      heal: null,
    });
    const job = await producer.use('selftest', (queue) => queue.getJob('startup-test'));
    expect(await resultOf(job?.id)).toMatchObject({
      run_id: snapshot?.run_id,
      status: 'passed',
      tests_total: 1,
    });
    expect(await bench.notifications()).toEqual([]);
  });

  it('runs once, however many runners there are and however often they start', async () => {
    await bench.configure({ suites: [suite('quick', 'true')] });
    const runners = await Promise.all([bench.start(), bench.start(), bench.start()]);
    await bench.snapshotsOf(1);
    await runners[0]?.stop();
    await bench.start();
    await producer.add('run-self-test', { trigger: 'http' }, { jobId: 'after' });
    await resultOf('after');
    expect((await bench.snapshots()).map(({ trigger }) => trigger)).toEqual(['startup', 'http']);
  });

  it('checks the plane itself by its built-in checks', async () => {
    const gateway = createServer((req, res) => res.writeHead(req.url === '/healthz' ? 200 : 404).end());
    await new Promise<void>((ready) => gateway.listen(0, '127.0.0.1', ready));
    const names = ['gateway', 'redis', 'database', 'queues'];
    await bench.configure({ services: names.map((name) => ({ name, builtin: name })) });
    // An address of a TCP server that listens is never a string or null.
    await bench.start({ GATEWAY_PORT: (gateway.address() as AddressInfo).port });
    const [snapshot] = await bench.snapshotsOf(1);
    await new Promise((done) => gateway.close(done));
    expect(snapshot).toMatchObject({ status: 'passed', services_up: 4, services_total: 4 });
    expect(snapshot?.services).toMatchObject([
      { detail: 'answered 200' },
      { detail: 'answers' },
      { detail: 'answers' },
      {
        detail: expect.stringMatching(
          /^a job went through every queue: selftest \d+ ms, approval \d+ ms, notify \d+ ms, audit \d+ ms/,
        ),
      },
    ]);
  });
});

describe('a self-test that fails', () => {
  it('[SEC-004] is a completed job that says so, and leaves a message that names what is wrong', async () => {
    await bench.configure({
      services: [{ name: 'web', url: 'http://127.0.0.1:1/', timeout_seconds: 0.2 }],
      suites: [
        suite(
          'bad',
          'echo the reason; echo Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789; exit 1',
        ),
        suite('good', 'true'),
      ],
    });
    await bench.start();
    const [snapshot] = await bench.snapshotsOf(1);
    expect(snapshot).toMatchObject({ status: 'failed', services_up: 0, tests_total: 2, tests_failed: 1 });
    expect(await resultOf('startup-test')).toMatchObject({ status: 'failed', tests_failed: 1 });
    const [message] = await bench.notifications();
    expect(message?.kind).toBe('selftest.problem');
    expect(message?.body).toContain('- web: connection refused');
    expect(message?.body).toContain('- bad\n  ended with exit code 1\n  > the reason\n  > Authorization: ');
    expect(message?.body).not.toContain('abcdefghij');
    const sent = await producer.use('notify', (queue) => queue.getJobs(['waiting', 'active', 'completed']));
    expect(sent.filter(({ name }) => name === 'send-notification')).toHaveLength(1);
  });

  it('tells of the recovery, once, when it passes again', async () => {
    await bench.configure({ suites: [suite('worker', 'false')] });
    await bench.start();
    await bench.snapshotsOf(1);
    await bench.configure({ suites: [suite('worker', 'true')] });
    for (const jobId of ['second', 'third']) {
      await producer.add('run-self-test', { trigger: 'http' }, { jobId });
      await resultOf(jobId);
    }
    expect((await bench.notifications()).map(({ kind }) => kind)).toEqual([
      'selftest.problem',
      'selftest.recovery',
    ]);
  });

  it('because its configuration is broken names the line, and the next run reads the file anew', async () => {
    await bench.configure('suites:\n  - name: a\n    command: run\n');
    await bench.start();
    const [snapshot] = await bench.snapshotsOf(1);
    const message = 'selftest.yaml:3 suites[0].command must be a list';
    expect(snapshot).toMatchObject({ status: 'failed', tests_failed: 1, failures: [{ message }] });
    expect((await bench.notifications())[0]?.body).toContain(message);
    await bench.configure('suites: []');
    await producer.add('run-self-test', { trigger: 'telegram' }, { jobId: 'again' });
    expect(await resultOf('again')).toMatchObject({ status: 'passed', tests_total: 0 });
  });

  it('[SEC-020] stores, tells and logs no secret that a suite printed', async () => {
    const script = 'echo "connecting to postgres://u:hunter2hunter2@db/x"; exit 1';
    await bench.configure({ suites: [suite('leaky', script)] });
    await bench.start();
    const rows = JSON.stringify(await bench.snapshotsOf(1));
    expect(rows).toContain('connecting to');
    expect(rows).not.toContain('hunter2');
    expect(JSON.stringify(await bench.notifications())).not.toContain('hunter2');
  });
});

describe('two self-tests', () => {
  it('never run at the same time, and both run', async () => {
    const script = 'mkdir lock || exit 9; sleep 0.3; rmdir lock';
    await bench.configure({ suites: [suite('alone', script)] });
    await Promise.all([bench.start(), bench.start()]);
    await producer.add('run-self-test', { trigger: 'http' }, { jobId: 'second' });
    await producer.add('run-self-test', { trigger: 'telegram' }, { jobId: 'third' });
    const rows = await bench.snapshotsOf(3);
    expect(rows.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
    await Promise.all(['startup-test', 'second', 'third'].map(resultOf));
    expect(await bench.snapshots()).toHaveLength(3);
  });
});

describe('a self-test under way', () => {
  it('shows on its job which step it is in', async () => {
    await bench.configure({ suites: [suite('slow', 'touch begun; while [ ! -e go ]; do sleep 0.05; done')] });
    await bench.start();
    await eventually(() => readFile(join(bench.dir, 'begun')).then(() => true));
    const job = await producer.use('selftest', (queue) => queue.getJob('startup-test'));
    expect(job?.progress).toMatchObject({ step: 'run_tests', detail: '1/1 slow' });
    await writeFile(join(bench.dir, 'go'), '');
    expect(await resultOf('startup-test')).toMatchObject({ status: 'passed' });
  });

  it('that is stopped leaves an error, tells nobody, and runs again', async () => {
    await bench.configure({ suites: [suite('slow', 'touch begun; sleep 600')] });
    const runner = await bench.start();
    await eventually(() => readFile(join(bench.dir, 'begun')).then(() => true));
    await runner.stop();
    const [stopped] = await bench.snapshotsOf(1);
    expect(stopped).toMatchObject({ status: 'error', suites: [{ name: 'slow', status: 'failed' }] });
    expect(await bench.notifications()).toEqual([]);

    await bench.configure({ suites: [suite('slow', 'true')] });
    await bench.start();
    expect(await resultOf('startup-test')).toMatchObject({ status: 'passed' });
    expect(await bench.snapshots()).toHaveLength(2);
  });

  it('that was given up as dead by others does not go on', async () => {
    await bench.configure({
      suites: [suite('slow', '[ -e again ] && exit 0; touch again; touch begun; sleep 600')],
    });
    await bench.start();
    await eventually(() => readFile(join(bench.dir, 'begun')).then(() => true));
    await stores.sql.query("update actp_selftest_runs set lease_until = now() - interval '1 second'");
    await stores.sql.query('select reap_selftest_runs()');
    const rows = await bench.snapshotsOf(2);
    expect(rows.map(({ status }) => status)).toEqual(['error', 'passed']);
    expect(rows[0]?.failures).toMatchObject([{ message: 'the self-test runner died in step run_tests' }]);
    expect(await resultOf('startup-test')).toMatchObject({ run_id: rows[1]?.run_id });
  });
});

describe('a scheduled self-test', () => {
  it('[SEC-001] tells the database that its tick was taken up, and how it ended', async () => {
    await bench.configure({ suites: [] });
    await bench.start();
    await producer.use('selftest', (queue) =>
      queue.upsertJobScheduler(
        'nightly_self_test',
        { pattern: '* * * * * *', tz: 'UTC' },
        { name: 'run-self-test', data: { trigger: 'nightly' } },
      ),
    );
    const tick = await eventually(async () => {
      const { rows } = await stores.sql.query<{ status: string; due_at: Date }>(
        'select * from actp_schedule_runs',
      );
      return rows[0]?.status === 'completed' && rows[0];
    });
    expect(tick.due_at.getMilliseconds()).toBe(0);
    expect(tick.due_at.getTime()).toBeLessThanOrEqual(Date.now());
    expect((await bench.snapshots()).map(({ trigger }) => trigger)).toContain('nightly');
  });
});
