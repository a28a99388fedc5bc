import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openHealBench } from './heal.fixture.ts';
import { stateSuite } from './state-suite.fixture.ts';

const bench = await openHealBench();
const { arrange, stops, starts, stepIs, audited } = stateSuite(bench);

describe('[SEC-007] the coding agent', () => {
  it('that works for somebody else is waited for, and that run is never stopped', async () => {
    await arrange();
    const foreign = bench.acd.harness.occupy();
    const token = ['acd', 'token', 'of', 'this', 'test'].join('-');
    await bench.startHealer({ ACD_TOKEN: token });
    await eventually(async () => (await bench.snapshots())[0]?.heal !== null);
    await stepIs('start');
    await eventually(() => bench.acd.calls('/api/status').length > 3);
    expect([starts(), stops()]).toEqual([0, 0]);
    foreign.leave();
    const { heal } = await bench.healed();
    expect(heal.state).toBe('healed');
    expect([starts(), stops()]).toEqual([1, 0]);
    expect(bench.acd.calls('/api/harness/start')[0]?.authorization).toBe(`Bearer ${token}`);
    expect(JSON.stringify([heal, await bench.notifications()])).not.toContain(token);
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

  it('that never ends is stopped at the deadline, since it is ours, and what it did is undone', async () => {
    await arrange();
    bench.work(async (_prompt, signal) => {
      await bench.write('state.txt', 'good\n');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await bench.startHealer({}, { timeoutSeconds: 2 });
    const { heal: healed } = await bench.healed();
    expect(healed).toMatchObject({
      state: 'not_healed',
      reason: expect.stringContaining('was told to stop and has stopped'),
    });
    expect(stops()).toBe(1);
    expect(await bench.read('state.txt')).toBe('bad\n');
  });

  it('that is away is given up at the deadline, without a start', async () => {
    await arrange();
    await bench.acd.goAway();
    await bench.startHealer({}, { timeoutSeconds: 1 });
    const { heal: healed } = await bench.healed();
    expect(healed).toMatchObject({
      state: 'not_healed',
      reason: expect.stringContaining('was not available'),
    });
    expect(starts()).toBe(0);
  });

  it('that is not there at all is no reason to wait: the heal ends at once, and names ACD_URL', async () => {
    await arrange();
    await bench.acd.goAway();
    await bench.startHealer();
    const { heal } = await bench.healed();
    expect(heal).toMatchObject({
      state: 'not_healed',
      reason: expect.stringContaining('nothing answers at ACD_URL (ECONNREFUSED)'),
    });
    await eventually(async () =>
      (await bench.notifications())[0]?.body.includes('nothing answers at ACD_URL'),
    );
    expect(starts()).toBe(0);
  });

  it.each([
    [404, 'what answers at ACD_URL is no coding agent (404)'],
    [401, 'ACD_TOKEN is refused at ACD_URL (401)'],
  ])(
    'whose place is taken by a stranger, or whose token is wrong, is not waited for (%i)',
    async (code, reason) => {
      await arrange();
      bench.acd.faults.add({ path: '/api/status', effect: 'error', code, message: 'no' });
      await bench.startHealer();
      expect((await bench.healed()).heal).toMatchObject({
        state: 'not_healed',
        reason: expect.stringContaining(reason),
      });
      expect(starts()).toBe(0);
    },
  );

  it('that is just starting again is looked for twice more', async () => {
    await arrange();
    bench.acd.faults.add({ path: '/api/status', effect: 'error', code: 404, message: 'no', times: 2 });
    await bench.startHealer();
    expect((await bench.healed()).heal.state).toBe('healed');
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
});
