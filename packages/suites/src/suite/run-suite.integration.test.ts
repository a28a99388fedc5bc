import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSelftestConfig } from '../config/read-selftest-config.ts';
import { runSuite } from './run-suite.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../../..');
const vitest = [process.execPath, join(repositoryRoot, 'node_modules/vitest/vitest.mjs'), 'run'];

let dir: string;
let runDir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'run-suite-'));
  runDir = join(dir, '.run');
  await mkdir(runDir);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function run(suite: object, env: Record<string, string | undefined> = process.env) {
  const parsed = parseSelftestConfig(JSON.stringify({ suites: [{ name: 'demo', ...suite }] }));
  const config = parsed.ok ? parsed.config.suites[0] : undefined;
  if (config === undefined) throw new Error('the suite of this test is wrong');
  return runSuite({ rootDir: dir, env }, config, { runDir, signal: new AbortController().signal });
}
const shell = (script: string, more: object = {}) => run({ command: ['sh', '-c', script], ...more });
const write = (xml: string) => `printf '%s' '${xml}' > report.xml`;
const green = '<testsuite><testcase name="a"/><testcase name="b"/></testsuite>';
const red =
  '<testsuite><testcase name="a"/><testcase name="b"><failure message="no">trace</failure></testcase></testsuite>';
const junit = { junit: 'report.xml' };

describe('a suite that is judged by its exit code', () => {
  it('passes with 0 and counts as one test', async () => {
    expect(await shell('echo fine')).toMatchObject({
      name: 'demo',
      status: 'passed',
      tests_total: 1,
      tests_passed: 1,
      tests_failed: 0,
      failures: [],
      exit_code: 0,
      timed_out: false,
      output_excerpt: 'fine\n',
    });
  });

  it('fails with any other, and shows what it wrote', async () => {
    expect(await shell('echo "the reason" >&2; exit 3')).toMatchObject({
      status: 'failed',
      tests_total: 1,
      tests_failed: 1,
      failures: [{ test: 'demo', argument: null, message: 'ended with exit code 3', details: 'the reason' }],
      exit_code: 3,
    });
  });

  it('fails when it is killed, cannot be found, or does not end', async () => {
    expect(await shell('kill -KILL $$')).toMatchObject({ failures: [{ message: 'was killed by SIGKILL' }] });
    expect(await run({ command: ['no-such-runner'] })).toMatchObject({
      status: 'failed',
      tests_failed: 1,
      failures: [{ message: 'command not found: no-such-runner' }],
    });
    expect(await shell('sleep 600', { timeout_seconds: 0.3 })).toMatchObject({
      status: 'failed',
      timed_out: true,
      failures: [{ message: 'did not end within 0.3 s' }],
    });
  });
});

describe('a suite that is judged by its report', () => {
  it('passes when report and exit code say so', async () => {
    expect(await shell(write(green), junit)).toMatchObject({
      status: 'passed',
      tests_total: 2,
      tests_passed: 2,
    });
  });

  it('fails when the report has a failure, whatever the exit code', async () => {
    const failed = {
      status: 'failed',
      tests_total: 2,
      tests_passed: 1,
      tests_failed: 1,
      failures: [{ test: 'b', message: 'no', details: 'trace' }],
    };
    expect(await shell(`${write(red)}; exit 1`, junit)).toMatchObject(failed);
    expect(await shell(write(red), junit)).toMatchObject(failed);
  });

  it('fails when the report is green and the command crashed after it', async () => {
    expect(await shell(`${write(green)}; exit 1`, junit)).toMatchObject({
      status: 'failed',
      tests_total: 3,
      tests_passed: 2,
      tests_failed: 1,
      failures: [{ test: 'demo', message: 'ended with exit code 1' }],
    });
    expect(await shell(`${write(green)}; kill -SEGV $$`, junit)).toMatchObject({
      failures: [{ message: 'was killed by SIGSEGV' }],
    });
  });

  it('fails when its time was over, also with a green report', async () => {
    expect(await shell(`${write(green)}; sleep 600`, { ...junit, timeout_seconds: 1 })).toMatchObject({
      status: 'failed',
      timed_out: true,
      tests_passed: 2,
      failures: [{ message: 'did not end within 1 s' }],
    });
  });

  it('fails when there is no report, or a broken one', async () => {
    expect(await shell('true', junit)).toMatchObject({
      status: 'failed',
      failures: [{ message: 'its JUnit report report.xml does not exist' }],
    });
    expect(await shell(`${write(green.slice(0, -5))}; exit 2`, junit)).toMatchObject({
      failures: [
        {
          message: expect.stringMatching(
            /^ended with exit code 2; its JUnit report report\.xml is not well-formed/,
          ),
        },
      ],
    });
  });

  it('fails when the report is left from an earlier run', async () => {
    await writeFile(join(dir, 'report.xml'), green);
    expect(await shell('true', junit)).toMatchObject({
      status: 'failed',
      failures: [
        { message: 'its JUnit report report.xml is from an earlier run: this one did not write it' },
      ],
    });
    expect(await shell(write(green), junit)).toMatchObject({ status: 'passed' });
  });

  it('fails when the report is a pipe or a device, and does not hang', async () => {
    expect(await shell('mkfifo report.xml', junit)).toMatchObject({
      failures: [{ message: 'its JUnit report report.xml is not a regular file' }],
    });
    await symlink('/dev/zero', join(dir, 'zero.xml'));
    expect(await shell('true', { junit: 'zero.xml' })).toMatchObject({ status: 'failed' });
  });

  it('fails when it deleted its own directory', async () => {
    await mkdir(join(dir, 'sub'));
    const suite = { ...junit, cwd: 'sub' };
    expect(await shell('rm -rf ../sub', suite)).toMatchObject({ status: 'failed' });
    expect(await shell('true', suite)).toMatchObject({
      failures: [{ message: expect.stringContaining('does not exist') }],
    });
  });

  it('may keep its report in the directory of the run', async () => {
    const command = ['sh', '-c', `printf '%s' '${green}' > "$1"`, 'sh', '{run_dir}/r.xml'];
    expect(await run({ command, junit: '{run_dir}/r.xml' })).toMatchObject({
      status: 'passed',
      tests_total: 2,
    });
  });

  it('is read in small memory when the report has 20 MB', async () => {
    const one = '<testcase name="t" classname="c"><failure message="m">trace and back</failure></testcase>';
    const script = `require('fs').writeFileSync('report.xml', '<testsuite>' + '${one}'.repeat(232000) + '</testsuite>')`;
    const suite = { name: 'demo', command: [process.execPath, '-e', script], ...junit };
    // A tree of the whole report does not fit into this heap.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--max-old-space-size=64',
      join(import.meta.dirname, 'small-memory.fixture.ts'),
      dir,
      JSON.stringify(suite),
    ]);
    expect(JSON.parse(stdout)).toEqual({
      status: 'failed',
      tests_total: 232_000,
      tests_failed: 232_000,
      failures: 200,
    });
  });
});

describe('[SEC-002] a suite of a well-known runner', () => {
  it('vitest: counts its tests and names the failed ones', async () => {
    const body = `import { expect, it } from 'vitest';
      it('adds', () => expect(1 + 1).toBe(2)); it('subtracts', () => expect(2 - 1).toBe(2)); it.skip('later', () => {});`;
    await writeFile(join(dir, 'calc.test.js'), body);
    await symlink(join(repositoryRoot, 'node_modules'), join(dir, 'node_modules'));
    const command = [...vitest, '--reporter=junit', '--outputFile=report.xml'];
    expect(await run({ command, ...junit })).toMatchObject({
      status: 'failed',
      tests_total: 3,
      tests_passed: 1,
      tests_failed: 1,
      tests_skipped: 1,
      failures: [
        {
          test: 'calc.test.js > subtracts',
          argument: 'calc.test.js',
          message: expect.stringContaining('expected 1 to be 2'),
        },
      ],
    });
  });

  it('pytest: counts its tests and names the failed ones', async ({ skip }) => {
    const there = await shell('python3 -m pytest --version');
    if (there.status !== 'passed') skip('pytest is not installed');
    await mkdir(join(dir, 'tests'));
    const body =
      'class TestCalc:\n  def test_add(self): assert 1 + 1 == 2\n  def test_sub(self): assert 2 - 1 == 2\n';
    await writeFile(join(dir, 'tests/test_calc.py'), body);
    const command = ['python3', '-m', 'pytest', 'tests/', '-q', '--junitxml=report.xml'];
    expect(await run({ command, ...junit })).toMatchObject({
      status: 'failed',
      exit_code: 1,
      tests_total: 2,
      tests_passed: 1,
      tests_failed: 1,
      failures: [
        {
          test: 'tests/test_calc.py::TestCalc::test_sub',
          argument: 'tests/test_calc.py::TestCalc::test_sub',
        },
      ],
    });
  });
});

describe('a suite and our secrets', () => {
  it('[SEC-020] sees none of them', async () => {
    const secrets = {
      WORKER_SECRET: 'hunter2',
      SUPABASE_SERVICE_ROLE_KEY: 'hunter2',
      GROQ_API_KEY: 'hunter2',
      REDIS_URL: 'redis://:hunter2@x',
    };
    const result = await run(
      { command: ['env'], pass_env: ['MODE'] },
      { ...process.env, ...secrets, MODE: 'fast' },
    );
    expect(result.output_excerpt).toContain('MODE=fast');
    expect(result.output_excerpt).not.toContain('hunter2');
  });
});
