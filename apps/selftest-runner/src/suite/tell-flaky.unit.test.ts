import { describe, expect, it } from 'vitest';
import { SelftestConfig, type SuiteConfig } from '../config/selftest-config.ts';
import type { SuiteResult, TestFailure, TestResult } from './run-suite.ts';
import { tellFlaky } from './tell-flaky.ts';

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
async function judge(
  first: SuiteResult,
  reruns: Array<TestResult[] | null>,
  rerun: string[] | undefined = ['one', '{tests}'],
  without = false,
) {
  const argvs: string[][] = [];
  const judged = await tellFlaky(
    async (_suite, _run, wish) => {
      argvs.push([...(wish?.argv ?? [])]);
      const tests = reruns[argvs.length - 1] ?? null;
      const bad = tests?.some(({ outcome }) => outcome === 'failed') ?? true;
      return { result: result(bad ? [failure('x')] : []), tests };
    },
    suite(without ? undefined : rerun),
    { runDir: '/run', signal: new AbortController().signal },
    first,
    () => undefined,
  );
  return { ...judged, argvs };
}

const test = (name: string, outcome: TestResult['outcome']): TestResult => ({ test: name, outcome });

describe('[SEC-006] a failing test', () => {
  it('that passes once in three times is flaky; one that never does is real, and only what is red runs again', async () => {
    const {
      result: judged,
      flaky,
      argvs,
    } = await judge(result([failure('a'), failure('b')]), [
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
    expect(judged).toMatchObject({
      status: 'failed',
      tests_failed: 1,
      tests_passed: 4,
      failures: [{ test: 'b' }],
    });
  });

  it('that was skipped or is in no report did not pass', async () => {
    const { flaky } = await judge(result([failure('a'), failure('b')]), [
      [test('a', 'skipped')],
      [test('a', 'skipped')],
      [test('c', 'passed')],
    ]);
    expect(flaky).toEqual([]);
  });

  it('without a name for the command line runs with the whole suite', async () => {
    const { argvs } = await judge(result([failure('s', null), failure('a')]), [null, null, null]);
    expect(argvs).toEqual([['all'], ['all'], ['all']]);
  });

  it('of a file that could not be loaded passes when all that stands in it does', async () => {
    const { flaky } = await judge(result([failure('t.py')]), [[test('t.py::one', 'passed')]]);
    expect(flaky).toEqual(['t.py']);
  });

  it.each([
    ['there is no rerun', result([failure('a')]), []],
    ['the suite timed out', result([failure('a')], { timed_out: true }), ['one', '{tests}']],
    ['more failed than are listed', result([failure('a')], { tests_failed: 300 }), ['one', '{tests}']],
    ['nothing failed', result([]), ['one', '{tests}']],
  ])('does not run again when %s', async (_why, first, rerun) => {
    const { argvs, result: judged } = await judge(first, [[test('a', 'passed')]], rerun, rerun.length === 0);
    expect(judged).toBe(first);
    expect(argvs).toEqual([]);
  });
});
