import { describe, expect, it } from 'vitest';
import { SelftestConfig, type SuiteConfig } from '../config/selftest-config.ts';
import type { SuiteResult, TestFailure, TestResult } from './run-suite.ts';
import { detectFlaky } from './detect-flaky.ts';

const failure = (test: string, argument: string | null = test): TestFailure => ({
  test,
  argument,
  message: '',
  details: '',
});
const result = (failures: TestFailure[], more: Partial<SuiteResult> = {}): SuiteResult => ({
  name: 's',
  status: failures.length > 0 ? 'failed' : 'passed',
  tests_total: 5,
  tests_passed: 5 - failures.length,
  tests_failed: failures.length,
  tests_skipped: 0,
  failures,
  duration_ms: 1,
  timed_out: false,
  exit_code: failures.length > 0 ? 1 : 0,
  output_excerpt: '',
  ...more,
});

function suite(rerun: string[] | undefined): SuiteConfig {
  const { suites } = SelftestConfig.parse({ suites: [{ name: 's', command: ['all'], rerun }] });
  const [one] = suites;
  if (!one) throw new Error('there is no suite');
  return one;
}

/** Each rerun gives the next of these; the last one stays. */
async function detect(
  first: SuiteResult,
  reruns: Array<TestResult[] | null>,
  rerun: string[] | undefined = ['one', '{tests}'],
  without = false,
) {
  const argvs: string[][] = [];
  const detected = await detectFlaky(
    async (_suite, _run, options) => {
      argvs.push([...(options?.argv ?? [])]);
      const tests = reruns[argvs.length - 1] ?? null;
      const bad = tests?.some(({ outcome }) => outcome === 'failed') ?? true;
      return { result: result(bad ? [failure('x')] : []), tests };
    },
    suite(without ? undefined : rerun),
    { runDir: '/run', signal: new AbortController().signal },
    first,
    () => undefined,
  );
  return { ...detected, argvs };
}

const test = (name: string, outcome: TestResult['outcome']): TestResult => ({ test: name, outcome });

describe('[SEC-006] a failing test', () => {
  it('that passes once in three times is flaky; one that never does is real, and only what is red runs again', async () => {
    const {
      result: detected,
      flaky,
      argvs,
    } = await detect(result([failure('a'), failure('b')]), [
      [test('a', 'failed'), test('b', 'failed')],
      [test('a', 'passed'), test('b', 'failed')],
      [test('b', 'failed')],
    ]);
    expect(flaky).toEqual(['a']);
    expect(argvs).toEqual([
      ['one', 'a', 'b'],
      ['one', 'a', 'b'],
      ['one', 'b'],
    ]);
    expect(detected).toMatchObject({
      status: 'failed',
      tests_failed: 1,
      tests_passed: 4,
      failures: [{ test: 'b' }],
    });
  });

  it('that was skipped or is in no report did not pass', async () => {
    const { flaky } = await detect(result([failure('a'), failure('b')]), [
      [test('a', 'skipped')],
      [test('a', 'skipped')],
      [test('c', 'passed')],
    ]);
    expect(flaky).toEqual([]);
  });

  it('without a name for the command line runs with the whole suite', async () => {
    const { argvs } = await detect(result([failure('s', null), failure('a')]), [null, null, null]);
    expect(argvs).toEqual([['all'], ['all'], ['all']]);
  });

  it('whose name can be no argument makes the whole suite run, and a note says so', async () => {
    const { result: detected, argvs } = await detect(result([failure('c.-x', null), failure('a')]), [
      [test('c.-x', 'failed'), test('a', 'failed')],
    ]);
    expect(argvs[0]).toEqual(['all']);
    expect(detected.notes).toEqual(['no names for a command line, so the whole suite ran instead: c.-x']);
  });

  it('with too many others makes the whole suite run, and a note says so', async () => {
    const many = Array.from({ length: 201 }, (_, at) => failure(`t${at}`));
    const { result: detected, argvs } = await detect(result(many), [
      many.map((one) => test(one.test, 'failed')),
    ]);
    expect(argvs[0]).toEqual(['all']);
    expect(detected.notes).toEqual([
      '201 tests have too many or too long names for a command line, so the whole suite ran instead',
    ]);
    const long = Array.from({ length: 5 }, (_, at) => failure(`${at}${'n'.repeat(90_000)}`));
    const again = await detect(result(long), [long.map((one) => test(one.test, 'failed'))]);
    expect(again.result.notes).toEqual([expect.stringMatching(/^5 tests have too many or too long names/)]);
  });

  it('of a file that could not be loaded and whose tests are all skipped did not pass', async () => {
    const { flaky } = await detect(result([failure('t.py')]), [[test('t.py::one', 'skipped')]]);
    expect(flaky).toEqual([]);
  });

  it('of a file that could not be loaded passes when all that stands in it does', async () => {
    const { flaky } = await detect(result([failure('t.py')]), [[test('t.py::one', 'passed')]]);
    expect(flaky).toEqual(['t.py']);
  });

  it.each([
    ['there is no rerun', result([failure('a')]), []],
    ['the suite timed out', result([failure('a')], { timed_out: true }), ['one', '{tests}']],
    ['more failed than are listed', result([failure('a')], { tests_failed: 300 }), ['one', '{tests}']],
    ['nothing failed', result([]), ['one', '{tests}']],
  ])('does not run again when %s', async (_why, first, rerun) => {
    const { argvs, result: detected } = await detect(
      first,
      [[test('a', 'passed')]],
      rerun,
      rerun.length === 0,
    );
    expect(detected).toBe(first);
    expect(argvs).toEqual([]);
  });
});

describe('what the whole suite says in the end', () => {
  const flakyThen = async (
    whole: SuiteResult,
    tests: TestResult[] | null = null,
    first = result([failure('a')]),
  ) => {
    let runs = 0;
    const notices: Array<number | string> = [];
    const detected = await detectFlaky(
      async () => {
        runs += 1;
        return runs === 1 ? { result: result([]), tests: [test('a', 'passed')] } : { result: whole, tests };
      },
      suite(['one', '{tests}']),
      { runDir: '/run', signal: new AbortController().signal },
      first,
      (attempt) => notices.push(attempt),
    );
    return { ...detected, runs, notices };
  };

  it('is the result: its counts, its exit code, its time beside the first', async () => {
    const detected = await flakyThen(result([], { tests_total: 7, tests_passed: 7, duration_ms: 4 }));
    expect(detected).toMatchObject({ runs: 2, notices: [1, 'whole suite'], flaky: ['a'] });
    expect(detected.result).toMatchObject({ status: 'passed', tests_total: 7, exit_code: 0, duration_ms: 5 });
  });

  it.each([
    ['a test that was flaky is red again', result([failure('a')])],
    ['another test is red', result([failure('c')])],
    ['its exit code is explained by no test', result([failure('s', null)], { exit_code: 1 })],
    ['its time was over', result([failure('s', null)], { timed_out: true, exit_code: null })],
    ['fewer tests ran', result([], { tests_total: 4, tests_passed: 4 })],
  ])('is failed when %s', async (_why, whole) => {
    const detected = await flakyThen(whole);
    expect(detected.result.status).toBe('failed');
    expect(detected.result.failures.length).toBeGreaterThan(0);
    expect(detected.result.notes).toEqual([expect.stringContaining('the whole suite, run once more')]);
    expect(detected.runs).toBe(2);
  });

  it('is failed when what had been red is skipped', async () => {
    const detected = await flakyThen(result([], { tests_skipped: 1, tests_passed: 4 }), [
      test('a', 'skipped'),
    ]);
    expect(detected.result).toMatchObject({
      status: 'failed',
      failures: [{ test: 's', message: 'a test that had failed is skipped in the whole suite: a' }],
    });
  });

  it('counts a test once that was reported twice, and no hook or build that was reported as a test', async () => {
    const twice = [failure('a'), failure('a'), failure('till "before each" hook for "x"', null)];
    const first = result(twice, { tests_total: 5, tests_passed: 2 });
    let runs = 0;
    const detected = await detectFlaky(
      async () => {
        runs += 1;
        return { result: result([], { tests_total: 3, tests_passed: 3 }), tests: [test('a', 'passed')] };
      },
      suite(['one', '{tests}']),
      { runDir: '/run', signal: new AbortController().signal },
      first,
      () => undefined,
    );
    expect(detected.result.status).toBe('passed');
    expect(detected.flaky).toEqual(['a', 'till "before each" hook for "x"']);
    // The rerun was of the whole suite already.
    expect(runs).toBe(1);
  });

  it('names the red tests of which a first run that crashed knew nothing', async () => {
    const crashed = { ...failure('s', null), message: 'was killed by SIGSEGV' };
    const detected = await detectFlaky(
      async () => ({ result: result([failure('b')]), tests: [test('a', 'passed'), test('b', 'failed')] }),
      suite(['one', '{tests}']),
      { runDir: '/run', signal: new AbortController().signal },
      result([crashed], { tests_total: 1, tests_passed: 0, exit_code: null }),
      () => undefined,
    );
    expect(detected).toMatchObject({
      flaky: [],
      result: {
        status: 'failed',
        tests_total: 5,
        failures: [{ test: 'b' }],
        notes: ['the first run was killed by SIGSEGV'],
      },
    });
  });

  it('is not asked when a rerun wrote a report that names no test', async () => {
    const detected = await detectFlaky(
      async () => ({ result: result([]), tests: null, unusable: true }),
      suite(['one', '{tests}']),
      { runDir: '/run', signal: new AbortController().signal },
      result([failure('a')]),
      () => undefined,
    );
    expect(detected).toMatchObject({ flaky: [], result: { status: 'failed' } });
  });
});
