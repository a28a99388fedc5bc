import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sendCanary } from '@actp/shared/jobs/canary';
import { eventually } from '@actp/testing/eventually';
import { openHealBench } from './heal.fixture.ts';

const bench = await openHealBench();

/** A suite of one line, so that what is tried here is the way to ACD and back. */
const script = 'grep -q good state.txt';
const suite = (more: object = {}) => ({
  name: 'state',
  cwd: bench.checkout,
  command: ['sh', '-c', script],
  rerun: ['sh', '-c', script, '{tests}'],
  heal: true,
  ...more,
});

async function arrange(config: object = {}, more: object = {}): Promise<void> {
  await bench.write('state.txt', 'bad\n');
  await bench.git('init', '-q', '-b', 'main');
  await bench.git('add', '.');
  await bench.git('commit', '-q', '-m', 'begin');
  await bench.configure({ suites: [suite(more)], ...config });
  bench.work(() => bench.write('state.txt', 'good\n'));
}

const stops = () => bench.acd.calls('/api/harness/stop').length;
const starts = () => bench.acd.harness.runs.length;
const stepIs = (step: string) =>
  eventually(async () => {
    const { rows } = await bench.stores.sql.query<{ step: string }>('select step from actp_heals');
    return rows.some((row) => row.step === step);
  });
const audited = async () => {
  const { rows } = await bench.stores.sql.query<{ action_type: string }>(
    `select action_type from actp_agent_audit_log where action_type like 'heal.%' order by id desc limit 4`,
  );
  return rows.map(({ action_type }) => action_type).toReversed();
};

/** A failed run of the suite, as a self-test leaves it; gives the run's id. */
async function failedRun(message: string): Promise<string> {
  const run_id = randomUUID();
  const snapshot = {
    run_id,
    trigger: 'http',
    status: 'failed',
    tests_total: 1,
    tests_failed: 1,
    suites: [{ name: 'state', status: 'failed', timed_out: false }],
    failures: [{ suite: 'state', test: 'state', message, details: '' }],
  };
  await bench.stores.sql.query('select record_snapshot($1, $2)', [snapshot, { problem: 'Self-test failed' }]);
  return run_id;
}

/** Has a run healed and waits for the end. */
async function heal(run_id: string, by: 'plane' | 'http' = 'plane') {
  const job = await bench.producer.add('heal-run', { run_id, by });
  return eventually(
    async () => {
      const found = await bench.producer.use('heal', (queue) => queue.getJob(job.id ?? ''));
      const result = found?.returnvalue as { state: string; reason: string } | null | undefined;
      if (found?.failedReason) return { state: 'failed', reason: found.failedReason };
      return result ?? false;
    },
    { within: 40_000 },
  );
}

describe('[SEC-007] the coding agent', () => {
  it('that works for somebody else is waited for, and that run is never stopped', async () => {
    await arrange();
    const foreign = bench.acd.harness.occupy();
    await bench.startHealer();
    await eventually(async () => (await bench.snapshots())[0]?.heal !== null);
    await stepIs('start');
    await eventually(() => bench.acd.calls('/api/status').length > 3);
    expect([starts(), stops()]).toEqual([0, 0]);
    foreign.leave();
    expect((await bench.healed()).heal.state).toBe('healed');
    expect([starts(), stops()]).toEqual([1, 0]);
    expect(await audited()).toEqual(['heal.queue', 'heal.start', 'heal.started', 'heal.verdict']);
  });

  it('whose answer to the start is lost is not started again', async () => {
    await arrange();
    bench.acd.faults.add({ path: '/api/harness/start', effect: 'reset', when: 'after', times: 1 });
    await bench.startHealer();
    expect((await bench.healed()).heal.state).toBe('healed');
    expect(bench.acd.calls('/api/harness/start')).toHaveLength(1);
  });

  it('whose status is garbage, late, null or away for a while still ends', async () => {
    await arrange();
    for (const effect of ['garbage', 'reset', 'huge', 'empty', 'redirect', 'error'] as const) {
      bench.acd.faults.add({ path: '/api/status', effect, times: 1 });
    }
    bench.work(async () => {
      bench.acd.harness.pretend({ status: null, pid: null, lastUpdate: null });
      await delay(300);
      await bench.write('state.txt', 'good\n');
    });
    await bench.startHealer();
    expect((await bench.healed()).heal.state).toBe('healed');
    expect(starts()).toBe(1);
  });

  it('that cannot start has healed nothing, and is not asked again', async () => {
    await arrange();
    bench.acd.faults.add({ path: '/api/harness/start', effect: 'error', code: 400, message: 'no script' });
    await bench.startHealer();
    const { heal: healed } = await bench.healed();
    expect(healed).toMatchObject({ state: 'not_healed', reason: expect.stringContaining('no script') });
    expect(bench.acd.calls('/api/harness/start')).toHaveLength(1);
  });

  it('that never ends is stopped at the deadline, since it is ours, and what it did is undone', async () => {
    await arrange();
    bench.work(async (_prompt, signal) => {
      await bench.write('state.txt', 'good\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await bench.startHealer({}, { timeoutSeconds: 2 });
    const { heal: healed } = await bench.healed();
    expect(healed).toMatchObject({ state: 'not_healed', reason: expect.stringContaining('was stopped') });
    expect(stops()).toBe(1);
    expect(await bench.read('state.txt')).toBe('bad\n');
  });

  it('that is away is given up at the deadline, without a start', async () => {
    await arrange();
    await bench.acd.goAway();
    await bench.startHealer({}, { timeoutSeconds: 1 });
    const { heal: healed } = await bench.healed();
    expect(healed).toMatchObject({ state: 'not_healed', reason: expect.stringContaining('not to be had') });
    expect(starts()).toBe(0);
  });

  it('that says completed at once has healed nothing', async () => {
    await arrange();
    bench.work(async () => 'completed');
    await bench.startHealer();
    expect((await bench.healed()).heal).toMatchObject({
      state: 'not_healed',
      suites: [{ changed_files: [] }],
    });
  });

  it('whose start was lost and that shows nothing of it is believed after a while, and never asked twice', async () => {
    await arrange();
    bench.acd.faults.add({ path: '/api/harness/start', effect: 'reset', when: 'before', times: 1 });
    await bench.startHealer();
    expect((await bench.healed()).heal.state).toBe('not_healed');
    expect(bench.acd.calls('/api/harness/start')).toHaveLength(1);
  });

  it('gets the token, which stands nowhere else', async () => {
    await arrange();
    const token = ['acd', 'token', 'of', 'this', 'test'].join('-');
    await bench.startHealer({ ACD_TOKEN: token });
    const { heal: healed } = await bench.healed();
    expect(bench.acd.calls('/api/harness/start')[0]?.authorization).toBe(`Bearer ${token}`);
    expect(JSON.stringify([healed, await bench.notifications()])).not.toContain(token);
  });
});

describe('healing', () => {
  it('is stopped by a kill switch: nothing is started, and what is under way ends and is undone', async () => {
    await arrange();
    const set = (scope: string) =>
      bench.stores.sql.query(
        `insert into actp_kill_switches (scope, reason, set_by) values ($1, 'test', 'operator:a@b.c') returning id`,
        [scope],
      );
    const lift = () =>
      bench.stores.sql.query("update actp_kill_switches set lifted_at = now(), lifted_by = 'operator:a@b.c'");
    bench.work(async (_prompt, signal) => {
      await bench.write('state.txt', 'good\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await bench.startHealer();
    await stepIs('wait');
    await set('agent:self-heal');
    expect((await bench.healed()).heal).toMatchObject({
      state: 'not_healed',
      reason: expect.stringContaining('kill switch'),
    });
    expect(await bench.read('state.txt')).toBe('bad\n');
    const stopped = await heal(await failedRun('another'), 'http');
    expect(stopped).toMatchObject({ state: 'skipped', reason: expect.stringContaining('kill switch') });
    expect(starts()).toBe(1);
    await lift();
  });

  it('keeps to its limits: a day, the same failure, the breaker, each of which says so', async () => {
    await arrange({ heal: { max_attempts_per_day: 3, breaker_failures: 3 } });
    bench.work(async () => 'failed');
    const runner = await bench.startHealer();
    await bench.healed();
    const again = await heal(await failedRun('ended with exit code 1'));
    expect(again).toMatchObject({ state: 'skipped', reason: expect.stringContaining('same failure') });
    expect(await heal(await failedRun('ended with exit code 1'), 'http')).toMatchObject({
      state: 'not_healed',
    });
    expect(await heal(await failedRun('something else'))).toMatchObject({ state: 'not_healed' });
    const open = await heal(await failedRun('a third'), 'http');
    expect(open).toMatchObject({ state: 'skipped', reason: expect.stringContaining('breaker is open') });
    const told = (await bench.notifications()).filter(({ kind }) => kind === 'heal.breaker');
    expect(told).toHaveLength(1);
    await bench.configure({ suites: [suite()], heal: { max_attempts_per_day: 3, breaker_failures: 0 } });
    const day = await heal(await failedRun('a fourth'), 'http');
    expect(day).toMatchObject({ state: 'skipped', reason: expect.stringContaining('max_attempts_per_day') });
    expect(starts()).toBe(3);
    await runner.stop();
  });

  it('by hand of what is not there, or did not fail, says so', async () => {
    await bench.configure({ suites: [] });
    await bench.startHealer();
    const unknown = await heal(randomUUID(), 'http');
    expect(unknown).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('there is no self-test run'),
    });
    const [passed] = await bench.snapshotsOf(1);
    const nothing = await heal(passed?.run_id ?? '', 'http');
    expect(nothing).toMatchObject({ state: 'skipped', reason: expect.stringContaining('nothing to heal') });
  });

  it('in mode report starts nothing', async () => {
    await arrange({ heal: { mode: 'report' } });
    await bench.startHealer();
    expect((await bench.healed()).heal).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('report'),
    });
    expect(bench.acd.calls()).toHaveLength(0);
  });

  it('in mode propose puts a verified change on a branch and asks whether it may be applied', async () => {
    await arrange({ heal: { mode: 'propose' } });
    await bench.write('mine.txt', 'not committed');
    await bench.startHealer();
    const { run_id, heal: healed } = await bench.healed();
    expect(healed.state, healed.reason).toBe('healed');
    expect(await bench.read('state.txt')).toBe('bad\n');
    expect(await bench.git('status', '--short')).toBe('?? mine.txt');
    expect(await bench.git('show', `heal/${run_id}:state.txt`)).toBe('good');
    expect(await bench.git('log', '--oneline', `heal/${run_id}`)).toContain('repair state');
    const { rows } = await bench.stores.sql.query<{ action: string; details: object; status: string }>(
      'select action, details, status from actp_approval_queue',
    );
    expect(rows).toMatchObject([
      {
        action: 'system.apply_heal',
        status: 'pending',
        details: {
          branch: `heal/${run_id}`,
          diff_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          files: ['state.txt'],
        },
      },
    ]);
  });

  it('without git is undone as well', async () => {
    await bench.write('state.txt', 'bad\n');
    await bench.configure({ suites: [suite()] });
    bench.work(async () => {
      await bench.write('state.txt', 'worse\n');
      await bench.write('a/b.txt', 'new');
    });
    await bench.startHealer();
    expect((await bench.healed()).heal).toMatchObject({
      state: 'not_healed',
      suites: [{ changed_files: ['a/b.txt', 'state.txt'] }],
    });
    expect(await bench.read('state.txt')).toBe('bad\n');
    await expect(bench.read('a/b.txt')).rejects.toThrow('ENOENT');
  });

  it('of 20 runs that wait holds no worker', async () => {
    await arrange();
    const foreign = bench.acd.harness.occupy();
    await bench.startHealer({}, { pollMs: 10_000 });
    await stepIs('start');
    for (let n = 0; n < 20; n += 1) {
      await bench.producer.add('heal-run', { run_id: await failedRun(`failure ${n}`), by: 'plane' });
    }
    await eventually(
      () => bench.producer.use('heal', async (queue) => (await queue.getDelayedCount()) >= 15),
      { within: 30_000 },
    );
    expect(await sendCanary(bench.producer, 'heal', 10_000)).toBeLessThan(10_000);
    const { rows } = await bench.stores.sql.query('select 1 from actp_heals where holds_acd');
    expect(rows).toHaveLength(1);
    await bench.producer.use('heal', (queue) => queue.pause());
    foreign.leave();
  });

  it('whose job was lost is taken up again', async () => {
    await arrange();
    const foreign = bench.acd.harness.occupy();
    await bench.startHealer({}, { overdueSeconds: 1 });
    await stepIs('start');
    await bench.stores.redis.flushdb();
    foreign.leave();
    expect((await bench.healed()).heal.state).toBe('healed');
    expect(starts()).toBe(1);
  });
});
