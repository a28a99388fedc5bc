import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openBench, suite } from './selftest-runner.fixture.ts';

const bench = await openBench();
const { stores } = bench;
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const runner of started.splice(0)) {
    if (runner.exitCode !== null || runner.signalCode !== null) continue;
    runner.kill('SIGTERM');
    await once(runner, 'exit');
  }
});

function startProcess(): ChildProcess {
  const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, DATABASE_APP_KEY, REDIS_URL } = stores.env;
  const runner = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      SUPABASE_URL,
      SUPABASE_SERVICE_ROLE_KEY,
      DATABASE_APP_KEY,
      REDIS_URL,
      SELFTEST_CONFIG: join(bench.dir, 'selftest.yaml'),
      ACTP_DATA_DIR: join(bench.dir, 'data'),
      ACTP_START_ID: 'test',
    },
  });
  started.push(runner);
  return runner;
}

const file = (name: string) => readFile(join(bench.dir, name), 'utf8');

// A suite in a sandbox knows its processes by other numbers than we do.
async function processesOf(dir: string): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => ((await readlink(`/proc/${name}/cwd`).catch(() => '')) === dir ? [name] : [])),
  );
  return found.flat();
}

describe('the runner as a process of its own', () => {
  it('killed without warning: its suite dies with it, an error is left, the job runs again', async () => {
    // The mark comes first: the run is killed as soon as its file is there.
    const script = '[ -e again ] && exit 0; touch again; echo $$ > pid.tmp; mv pid.tmp pid; sleep 600';
    await bench.configure({ suites: [suite('slow', script, { cwd: bench.dir })] });
    const first = startProcess();
    await eventually(() => file('pid'));
    expect(await processesOf(bench.dir)).not.toEqual([]);
    // The step reaches the database a moment after it began.
    await eventually(async () => {
      const { rows } = await stores.sql.query<{ step: string }>('select step from actp_selftest_runs');
      return rows[0]?.step === 'run_tests';
    });
    first.kill('SIGKILL');
    await eventually(async () => (await processesOf(bench.dir)).length === 0);
    // Instead of waiting until the run's lease is over.
    await stores.sql.query("update actp_selftest_runs set lease_until = now() - interval '1 second'");

    startProcess();
    const rows = await bench.snapshotsOf(2);
    expect(rows.map(({ status }) => status)).toEqual(['error', 'passed']);
    expect(rows[0]?.failures).toMatchObject([{ message: 'the self-test runner died in step run_tests' }]);
    expect((await bench.notifications()).map(({ kind }) => kind)).toEqual([
      'selftest.problem',
      'selftest.recovery',
    ]);
  });

  it('told to stop: ends its suite and exits 0 well before it would be killed', async () => {
    const script = 'trap "" TERM; echo $$ > pid.tmp; mv pid.tmp pid; while :; do sleep 1; done';
    await bench.configure({ suites: [suite('deaf', script, { cwd: bench.dir })] });
    const runner = startProcess();
    await eventually(() => file('pid'));
    expect(await processesOf(bench.dir)).not.toEqual([]);
    runner.kill('SIGTERM');
    const [code] = (await once(runner, 'exit')) as [number | null];
    expect(code).toBe(0);
    await eventually(async () => (await processesOf(bench.dir)).length === 0);
    expect(await bench.snapshots()).toMatchObject([{ status: 'error' }]);
  });
});
