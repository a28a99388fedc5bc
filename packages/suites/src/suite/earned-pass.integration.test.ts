import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SelftestConfig } from '../config/selftest-config.ts';
import type { RunTests } from './rerun-failing.ts';
import { runTests } from './run-suite.ts';
import type { Plan } from './runner.fixture.ts';
import { detectFlaky } from './detect-flaky.ts';

const runner = join(import.meta.dirname, 'runner.fixture.ts');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'earned-pass-'));
  await mkdir(join(dir, '.run'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs a suite as the self-test does, and shows with which names it was run. */
async function detect(
  plan: Plan,
  { options = [], rerun = [], after = '' }: { options?: string[]; rerun?: string[]; after?: string } = {},
) {
  for (const file of Object.keys(plan)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), '');
  }
  await writeFile(join(dir, 'plan.json'), JSON.stringify(plan));
  const command = [process.execPath, runner, 'plan.json', '{run_dir}/r.xml', ...options];
  // The shell takes the arguments as they are, and then does what comes after the tests.
  const whole = after === '' ? command : ['sh', '-c', `"$@"; ${after}`, 'sh', ...command];
  const config = {
    name: 's',
    cwd: dir,
    command: whole,
    rerun: [...command, ...rerun, '{tests}'],
    junit: '{run_dir}/r.xml',
  };
  const [suite] = SelftestConfig.parse({ suites: [config] }).suites;
  if (suite === undefined) throw new Error('there is no suite');
  const runs: string[][] = [];
  const counted: RunTests = (given, run, options) => {
    const words = options?.argv?.slice(options.argv[0] === 'sh' ? whole.length : command.length) ?? [];
    const names = words.filter((word) => !rerun.includes(word));
    runs.push(names.length === 0 ? ['all'] : names);
    return runTests({ rootDir: dir, env: process.env }, given, run, options);
  };
  const run = { runDir: join(dir, '.run'), signal: new AbortController().signal };
  const first = await counted(suite, run, { list: true });
  const detected = await detectFlaky(counted, suite, run, first.result, () => undefined, {
    tests: first.tests,
  });
  return { ...detected, runs, first: first.result };
}

const failedNames = ({ result }: Awaited<ReturnType<typeof detect>>) =>
  result.failures.map(({ test }) => test);

describe('[SEC-006] red tests that pass on their own', () => {
  it('make the suite pass when the whole of it then passes', async () => {
    const detected = await detect({ 'tests/test_a.py': { test_x: 'once', test_y: 'passes' } });
    expect(detected.result).toMatchObject({
      status: 'passed',
      tests_total: 2,
      tests_passed: 2,
      exit_code: 0,
    });
    expect(detected.flaky).toEqual(['tests/test_a.py::test_x']);
    expect(detected.runs).toEqual([['all'], ['tests/test_a.py::test_x'], ['all']]);
  });

  it('do not hide what a file that could not be loaded kept from running', async () => {
    const detected = await detect({
      'tests/test_a.py': { load: 'once', tests: { test_fine: 'passes' } },
      'tests/test_b.py': { test_broken: 'fails' },
    });
    expect(detected.first).toMatchObject({ tests_total: 1, exit_code: 2 });
    expect(detected.result).toMatchObject({ status: 'failed', tests_total: 2, tests_failed: 1 });
    expect(failedNames(detected)).toEqual(['tests/test_b.py::test_broken']);
    expect(detected.flaky).toEqual(['tests/test_a.py']);
    expect(detected.result.notes).toEqual([
      expect.stringContaining('the whole suite, run once more, did not pass'),
    ]);
  });

  it('do not hide another cause of the exit code', async () => {
    const detected = await detect({ 'tests/test_a.py': { test_x: 'once' } }, { after: 'exit 3' });
    expect(detected.result).toMatchObject({
      status: 'failed',
      exit_code: 3,
      failures: [{ test: 's', message: 'ended with exit code 3' }],
    });
  });

  it('do not hide that the command is killed in the end', async () => {
    const detected = await detect({ 'tests/test_a.py': { test_x: 'once' } }, { after: 'kill -SEGV $$' });
    expect(detected.result).toMatchObject({
      status: 'failed',
      failures: [{ message: 'was killed by SIGSEGV' }],
    });
  });

  it('do not hide the tests that did not run after the first red one', async () => {
    const plan: Plan = { 'tests/test_a.py': { test_x: 'once', test_y: 'fails', test_z: 'passes' } };
    const detected = await detect(plan, { options: ['-x'] });
    expect(detected.first.tests_total).toBe(1);
    expect(detected.result.status).toBe('failed');
    expect(failedNames(detected)).toEqual(['tests/test_a.py::test_y']);
  });

  it('have to be in the whole suite as well: not gone, and not skipped', async () => {
    const gone = await detect({ 'tests/test_a.py': { test_x: 'vanishes', test_y: 'passes' } });
    expect(gone.result.status).toBe('failed');
    const skipped = await detect({ 'tests/test_b.py': { test_x: 'skips later', test_y: 'passes' } });
    expect(skipped.result).toMatchObject({
      status: 'failed',
      failures: [{ test: 's', message: expect.stringContaining('is skipped in the whole suite') }],
    });
  });
});

describe('a name that the runner does not find', () => {
  it('keeps no other test from running again, and is told', async () => {
    const detected = await detect({
      'tests/test_a.py': { 'test_order[{random}]': 'once', test_plain: 'once', test_y: 'passes' },
    });
    expect(detected.flaky).toContain('tests/test_a.py::test_plain');
    expect(detected.result).toMatchObject({
      status: 'passed',
      tests_passed: 3,
      notes: [
        expect.stringMatching(
          /^not found by name, so the whole suite ran instead: tests\/test_a\.py::test_order\[\w+\]$/,
        ),
      ],
    });
    // By name, in vain; then the whole suite, which passes; and once more, to see whether its names change again.
    expect(detected.runs).toHaveLength(4);
    expect(detected.runs[2]).toEqual(['all']);
    expect(detected.runs[3]).toEqual(['all']);
  });

  it('is left out of the next reruns when the whole suite does not have it either', async () => {
    const detected = await detect({ 'tests/test_a.py': { test_x: 'vanishes', test_red: 'fails' } });
    expect(detected.result.status).toBe('failed');
    expect(failedNames(detected)).toEqual(['tests/test_a.py::test_x', 'tests/test_a.py::test_red']);
    const both = ['tests/test_a.py::test_x', 'tests/test_a.py::test_red'];
    expect(detected.runs).toEqual([
      ['all'],
      both,
      ['all'],
      ['tests/test_a.py::test_red'],
      ['tests/test_a.py::test_red'],
    ]);
  });

  it('alone runs with the whole suite, where the runner says which one it is', async () => {
    // As pytest does where only the command has --doctest-modules.
    const plan: Plan = { 'calc.py': { 'calc.add': 'once' }, 'tests/test_a.py': { test_x: 'fails' } };
    const detected = await detect(plan, { rerun: ['--no-doctests'] });
    expect(detected.flaky).toEqual(['calc.py::calc.add']);
    expect(detected.result.notes).toEqual([
      'not found by name, so the whole suite ran instead: calc.py::calc.add',
    ]);
    const both = ['calc.py::calc.add', 'tests/test_a.py::test_x'];
    const red = ['tests/test_a.py::test_x'];
    expect(detected.runs).toEqual([['all'], both, ['all'], red, red]);
  });

  it('does not make a broken test with changing names pass', async () => {
    const detected = await detect({
      'tests/test_a.py': { 'test_order[{random}]': 'fails', test_y: 'passes' },
    });
    expect(detected).toMatchObject({ result: { status: 'failed', tests_failed: 1 }, flaky: [] });
  });

  it('is not one with blanks, colons, brackets, quotes or our own places: those reach the runner as they are', async () => {
    const parameters = [
      'a b',
      'a::b',
      '[x]',
      '-x',
      'a/b.py',
      'it\'s "q" $HOME `x` <&>',
      'grün 日本',
      '{run_dir} {tests}',
      'y'.repeat(3_000),
    ];
    const names = parameters.map((parameter) => `test_p[${parameter}]`);
    const plan: Plan = { 'tests/test_a.py': Object.fromEntries(names.map((name) => [name, 'once'])) };
    const detected = await detect(plan);
    const ids = names.map((name) => `tests/test_a.py::${name}`);
    expect(detected.flaky).toEqual(ids);
    expect(detected.runs).toEqual([['all'], ids, ['all']]);
    expect(detected.result).toMatchObject({ status: 'passed', tests_passed: parameters.length });
  });

  it('of which a command line has no room runs with the whole suite', async () => {
    const name = `test_p[${'y'.repeat(150_000)}]`;
    const detected = await detect({ 'tests/test_a.py': { [name]: 'once', test_y: 'passes' } });
    expect(detected.result).toMatchObject({ status: 'passed', tests_passed: 2 });
    expect(detected.runs).toEqual([['all'], ['all']]);
    expect(detected.result.notes).toEqual([
      expect.stringMatching(
        /^no names for a command line, so the whole suite ran instead: tests\/test_a\.py::test_p/,
      ),
    ]);
  });
});

describe('a doctest', () => {
  it('runs again by the id that pytest gives it', async () => {
    const detected = await detect({ 'shop/calc.py': { 'shop.calc.add': 'once', 'shop.calc': 'once' } });
    expect(detected.runs[1]).toEqual(['shop/calc.py::shop.calc.add', 'shop/calc.py::shop.calc']);
    expect(detected.result.status).toBe('passed');
  });
});
