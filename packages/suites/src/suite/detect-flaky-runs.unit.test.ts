import { describe, expect, it } from 'vitest';
import { SelftestConfig } from '../config/selftest-config.ts';
import type { SuiteResult, TestFailure, TestResult, TestsRun, TestsRunOptions } from './run-suite.ts';
import { detectFlaky, type DetectionOptions } from './detect-flaky.ts';

const failure = (test: string, message = '', argument: string | null = test): TestFailure => ({
  test,
  argument,
  message,
  details: '',
});
const crash = failure('s', 'was killed by SIGSEGV', null);

/** `a` passed, `-a` failed, `~a` was skipped. */
const list = (...words: string[]): TestResult[] =>
  words.map((word) => {
    const outcome = word.startsWith('-') ? 'failed' : word.startsWith('~') ? 'skipped' : 'passed';
    return { test: outcome === 'passed' ? word : word.slice(1), outcome };
  });

function resultOf(failures: TestFailure[], total: number): SuiteResult {
  return {
    name: 's',
    status: failures.length > 0 ? 'failed' : 'passed',
    tests_total: total,
    tests_passed: total - failures.length,
    tests_failed: failures.length,
    tests_skipped: 0,
    failures,
    duration_ms: 1,
    timed_out: false,
    exit_code: failures.length > 0 ? 1 : 0,
    output_excerpt: '',
  };
}

/** A run with these tests, and failures that are the suite's own. */
function runOf(words: string[], ...own: TestFailure[]): TestsRun {
  const tests = list(...words);
  const red = tests.filter(({ outcome }) => outcome === 'failed').map(({ test }) => failure(test));
  return { result: resultOf([...own, ...red], tests.length + own.length), tests };
}

/** Runs a suite of which each run after the first gives the next of these, and the last one again and again. */
async function detect(first: SuiteResult, later: TestsRun[], detection: DetectionOptions = {}) {
  const { suites } = SelftestConfig.parse({
    suites: [{ name: 's', command: ['all'], rerun: ['one', '{tests}'] }],
  });
  const [suite] = suites;
  if (suite === undefined) throw new Error('there is no suite');
  const runs: TestsRunOptions[] = [];
  const notices: Array<number | string> = [];
  const detected = await detectFlaky(
    async (_suite, _run, options = {}) => {
      runs.push(options);
      const next = later[Math.min(runs.length, later.length) - 1];
      if (next === undefined) throw new Error('there is no run');
      return next;
    },
    suite,
    { runDir: '/run', signal: new AbortController().signal },
    first,
    (attempt) => notices.push(attempt),
    detection,
  );
  return { ...detected, runs, notices };
}

describe('the runs that follow a failed one', () => {
  it('all have its environment and list their tests', async () => {
    const env = { SEED: '7' };
    const { runs } = await detect(resultOf([failure('a')], 1), [runOf(['a'])], { env });
    expect(runs).toEqual([
      { argv: ['one', 'a'], env, list: true },
      { env, list: true },
    ]);
  });

  it('end when a test can be found neither by name nor in the whole suite', async () => {
    const { notices, flaky } = await detect(resultOf([failure('a')], 1), [runOf(['b'])]);
    expect(notices).toEqual([1]);
    expect(flaky).toEqual([]);
  });

  it('go on while another test can be found', async () => {
    const first = resultOf([failure('a'), failure('c')], 2);
    const { notices, runs } = await detect(first, [runOf(['-c'])]);
    expect(notices).toEqual([1, 2, 3]);
    expect(runs.map(({ argv }) => argv)).toEqual([['one', 'a', 'c'], ['all'], ['one', 'c'], ['one', 'c']]);
  });

  it('have the whole suite once more when another test was red where the failed one passed', async () => {
    const first = resultOf([failure('a', '', null)], 2);
    const { result, notices, flaky } = await detect(first, [runOf(['a', '-b']), runOf(['a', 'b'])]);
    expect(notices).toEqual([1, 'whole suite']);
    expect(flaky).toEqual(['a']);
    expect(result.status).toBe('passed');
  });

  it('do not come when nothing failed', async () => {
    expect(await detect(resultOf([], 1), [])).toMatchObject({ flaky: [], whole: null, runs: [] });
  });
});

describe('the result of a failed suite', () => {
  it('has no notes when there is nothing to say', async () => {
    const first = resultOf([failure('a'), failure('b')], 2);
    const { result } = await detect(first, [runOf(['a', '-b'])]);
    expect(result).toMatchObject({ status: 'failed', tests_passed: 1, failures: [{ test: 'b' }] });
    expect(result).not.toHaveProperty('notes');
  });

  it('names what is red in the whole suite alone, whatever that lacks', async () => {
    const { result } = await detect(resultOf([failure('a')], 3), [runOf(['a']), runOf(['-c'])]);
    expect(result.failures.map(({ test }) => test)).toEqual(['c']);
  });

  it('is that of a later run of the whole suite, with its tests, when the first one crashed', async () => {
    const later = runOf(['a', '-b']);
    const { result, whole, flaky } = await detect(resultOf([failure('a'), crash], 2), [later]);
    expect(result.failures.map(({ test }) => test)).toEqual(['b']);
    expect(result.notes).toContain('the first run was killed by SIGSEGV');
    expect(whole).toBe(later);
    expect(flaky).toEqual(['a']);
  });

  it.each([
    ['the later run crashed as well', [crash], runOf(['-b'], crash)],
    ['a test of the first run stays red', [crash, failure('a')], runOf(['-a', '-b'])],
    ['the later run does not list its tests', [crash], { ...runOf(['-b']), tests: null }],
  ])('is that of the first one when %s', async (_why, failures, later) => {
    const { result, whole } = await detect(resultOf(failures, 3), [later]);
    expect(result.failures).toEqual(failures);
    expect(whole).toBe(null);
  });
});
