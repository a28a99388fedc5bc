import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openHealBench } from './heal.fixture.ts';
import { stateSuite } from './state-suite.fixture.ts';

const bench = await openHealBench();
const { arrange, heal, failedRun } = stateSuite(bench);
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const runner of started.splice(0)) {
    if (runner.exitCode !== null || runner.signalCode !== null) continue;
    runner.kill('SIGTERM');
    await once(runner, 'exit');
  }
});

function startProcess(): ChildProcess {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_APP_KEY, REDIS_URL } = bench.stores.env;
  const runner = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SUPABASE_URL,
      SUPABASE_SERVICE_ROLE_KEY,
      DATABASE_APP_KEY,
      REDIS_URL,
      ACD_URL: bench.acd.url,
      ACD_POLL_SECONDS: '1',
      SELFTEST_CONFIG: join(bench.dir, 'selftest.yaml'),
      ACTP_DATA_DIR: join(bench.dir, 'data'),
      ACTP_START_ID: 'test',
    },
  });
  started.push(runner);
  return runner;
}

const heals = async () => {
  const { rows } = await bench.stores.sql.query<{
    step: string;
    state: string;
    reason: string | null;
    sent_at: Date | null;
    finished_at: Date | null;
  }>('select step, state, reason, sent_at, finished_at from actp_heals order by created_at');
  return rows;
};

it('[SEC-007] killed while the start is on its way, the runner goes on and ACD is asked once', async () => {
  await arrange();
  let finish: (() => void) | undefined;
  bench.work(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    await bench.write('state.txt', 'good\n');
  });
  // The call arrives, its answer never does: killed between the intent and the answer.
  bench.acd.faults.add({ path: '/api/harness/start', effect: 'hang', when: 'after' });
  const first = startProcess();
  await eventually(() => finish !== undefined);
  expect(await heals()).toMatchObject([{ step: 'start', sent_at: expect.any(Date) }]);
  first.kill('SIGKILL');
  await once(first, 'exit');
  // Instead of waiting until its locks and leases are over: its job is lost, and found in the database.
  await bench.stores.redis.flushdb();
  await bench.stores.sql.query("update actp_leases set expires_at = now() - interval '1 second'");
  await bench.startHealer({ ACTP_DATA_DIR: join(bench.dir, 'data') }, { overdueSeconds: 1 });
  await eventually(async () => (await heals())[0]?.step === 'wait');
  finish?.();
  await eventually(async () => (await heals())[0]?.finished_at !== null);
  expect((await heals())[0]).toMatchObject({ state: 'healed' });
  expect(await bench.read('state.txt')).toBe('good\n');
  expect(bench.acd.calls('/api/harness/start')).toHaveLength(1);
});

it('[SEC-007] [SEC-008] heals a suite of vitest', async () => {
  await bench.write('package.json', '{"type":"module"}');
  await bench.write('sum.js', 'export const sum = (a, b) => a - b;\n');
  await bench.write(
    'sum.test.js',
    `import { expect, it } from 'vitest';\nimport { sum } from './sum.js';\nit('adds', () => expect(sum(2, 3)).toBe(5));\nit('is there', () => expect(sum).toBeTypeOf('function'));\n`,
  );
  const root = join(import.meta.dirname, '../../../..');
  await mkdir(bench.checkout, { recursive: true });
  await symlink(join(root, 'node_modules'), join(bench.checkout, 'node_modules'));
  const vitest = [
    process.execPath,
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=junit',
    '--outputFile={run_dir}/sum.xml',
  ];
  const suite = {
    name: 'sum',
    cwd: bench.checkout,
    command: vitest,
    rerun: [...vitest, '{tests}'],
    junit: '{run_dir}/sum.xml',
    heal: true,
  };
  // Asked for by hand, so that the suite need not run for a self-test as well.
  await bench.configure({ suites: [] });
  await bench.startHealer();
  await bench.snapshotsOf(1);
  await bench.configure({ suites: [suite] });
  bench.work(() => bench.write('sum.js', 'export const sum = (a, b) => a + b;\n'));
  const healed = await heal(await failedRun('expected -1 to be 5', 'sum'), 'http');
  expect(healed, healed.reason).toMatchObject({ state: 'healed' });
  expect((await bench.snapshots()).at(-1)).toMatchObject({
    status: 'healed',
    heal: { suites: [{ changed_files: ['sum.js'], tests: ['sum.test.js > adds'] }] },
  });
});

it('runs what failed again, and a test that then passes is flaky: told, counted as passed, not healed', async () => {
  await bench.makeCheckout();
  await bench.write(
    'calc.py',
    'import pathlib\nseen = pathlib.Path(__file__).with_name("seen")\ndef add(a, b):\n    if not seen.exists():\n        seen.write_text("x")\n        return 0\n    return a + b\ndef sub(a, b):\n    return a - b\n',
  );
  await bench.configure({ suites: [bench.suite()] });
  await bench.startHealer();
  const [row] = await bench.snapshotsOf(1);
  expect(row).toMatchObject({
    status: 'passed',
    tests_total: 2,
    tests_passed: 2,
    flaky: [{ suite: 'calc', test: 'test_calc.py::Calc::test_add' }],
    heal: null,
  });
  expect((await bench.notifications()).map(({ body }) => body).join()).toContain('Flaky');
  expect(bench.acd.calls()).toHaveLength(0);
});
