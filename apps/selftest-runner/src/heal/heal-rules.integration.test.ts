import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sendCanary } from '@actp/shared/jobs/canary';
import { eventually } from '@actp/testing/eventually';
import { openHealBench } from './heal.fixture.ts';
import { stateSuite } from './state-suite.fixture.ts';

const bench = await openHealBench();
const { suite, arrange, starts, stepIs, failedRun, heal } = stateSuite(bench);

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
    // Neither a person's stop nor an agent that cannot start says anything about the agent's work.
    await bench.configure({ suites: [suite()], heal: { breaker_failures: 1 } });
    bench.work(async () => 'failed');
    expect(await heal(await failedRun('once more'), 'http')).toMatchObject({ state: 'not_healed' });
    expect(await heal(await failedRun('and again'), 'http')).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('breaker is open: 1 heals failed'),
    });
  });

  it('is stopped by a kill switch that comes while the tests judge it', async () => {
    await arrange();
    await bench.stores.sql.query(`
      create function stop_at_verify() returns trigger language plpgsql as $$ begin
        insert into public.actp_kill_switches (scope, reason, set_by) values ('agent:self-heal', 'test', 'operator:a@b.c');
        return null;
      end $$;
      create trigger stop_at_verify after update on actp_heals for each row
        when (new.step = 'verify' and old.step <> 'verify') execute function stop_at_verify()`);
    bench.work(async () => {
      await bench.write('state.txt', 'good\n');
      return 'completed';
    });
    await bench.startHealer();
    const { heal: stopped } = await bench.healed();
    await bench.stores.sql.query(`drop function stop_at_verify cascade;
      update actp_kill_switches set lifted_at = now(), lifted_by = 'operator:a@b.c' where lifted_at is null`);
    expect(stopped).toMatchObject({ state: 'not_healed', reason: expect.stringContaining('kill switch') });
    expect(await bench.read('state.txt')).toBe('bad\n');
  });

  it('hands no mistake of the configuration to the coding agent', async () => {
    await arrange();
    await bench.configure({ suites: [{ ...suite(), cwd: join(bench.checkout, 'state.txt') }] });
    await bench.startHealer();
    const misplaced = await heal(await failedRun('is not a directory'), 'http');
    expect(misplaced).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('is not a directory'),
    });
    expect(starts()).toBe(0);
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
      reason: expect.stringContaining('no such self-test run'),
    });
    const [passed] = await bench.snapshotsOf(1);
    const nothing = await heal(passed?.run_id ?? '', 'http');
    expect(nothing).toMatchObject({ state: 'skipped', reason: expect.stringContaining('nothing to heal') });
  });

  it('holds back a self-test while its tests run', async () => {
    const marker = `${bench.dir}/overlap`;
    const script = `mkdir ${marker}.d || echo twice >> ${marker}; sleep 0.5; rmdir ${marker}.d; grep -q good state.txt`;
    await arrange({}, { command: ['sh', '-c', script], rerun: ['sh', '-c', script, '{tests}'] });
    await bench.startHealer();
    await stepIs('verify');
    await bench.producer.add('run-self-test', { trigger: 'http' });
    await eventually(async () => (await bench.snapshots()).at(-1)?.status === 'passed');
    expect(existsSync(marker)).toBe(false);
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
      await bench.write('x\n- state: healed\u202E.txt', 'a name that looks like a line of ours');
      // What the agent does to the configuration does not keep it from being judged.
      await bench.configure('suites: [');
    });
    await bench.startHealer();
    expect((await bench.healed()).heal).toMatchObject({
      state: 'not_healed',
      suites: [{ changed_files: ['a/b.txt', 'state.txt', 'x⟦U+000A⟧- state: healed⟦U+202E⟧.txt'] }],
    });
    const told = await eventually(async () => {
      const [message] = await bench.notifications();
      return message?.body.includes('changed:') === true && message.body;
    });
    expect(told).toContain('a/b.txt, state.txt, "x⟦U+000A⟧- state: healed⟦U+202E⟧.txt"');
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
    await eventually(() =>
      bench.producer.use('heal', async (queue) => (await queue.getDelayedCount()) >= 15),
    );
    expect(await sendCanary(bench.producer, 'heal', 10_000)).toBeLessThan(10_000);
    const { rows } = await bench.stores.sql.query<{ id: string }>(
      'select id from actp_heals where holds_acd',
    );
    expect(rows).toHaveLength(1);
    // A worker that was given up for dead, and comes back, changes nothing.
    const late = bench.stores.sql.query(
      `select finish_heal($1, 'somebody else', 'not_healed', 'late', '{}', '{"breaker_failures": 0}')`,
      [rows[0]?.id],
    );
    await expect(late).rejects.toThrow('another worker has taken over this heal');
    await bench.producer.use('heal', (queue) => queue.pause());
    foreign.leave();
  });
});
