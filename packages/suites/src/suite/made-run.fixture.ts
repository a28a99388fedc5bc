import type { SuiteResult, TestFailure, TestResult, TestsRun } from './run-suite.ts';

/** The failure of a test, which has no more to it. */
export const failure = (test: string): TestFailure => ({ test, argument: test, message: '', details: '' });

/** `a` passed, `-a` failed, `~a` was skipped. */
const list = (words: readonly string[]): TestResult[] =>
  words.map((word) => {
    const outcome = word.startsWith('-') ? 'failed' : word.startsWith('~') ? 'skipped' : 'passed';
    return { test: outcome === 'passed' ? word : word.slice(1), outcome };
  });

/** A run that shows these; null: its report could not be read. */
export function runOf(
  words: readonly string[] | null,
  result: Partial<SuiteResult> = {},
  more: Partial<TestsRun> = {},
): TestsRun {
  const tests = words === null ? null : list(words);
  const red = tests?.some(({ outcome }) => outcome === 'failed') === true;
  return {
    tests,
    result: {
      name: 's',
      status: red ? 'failed' : 'passed',
      tests_total: 1,
      tests_passed: 1,
      tests_failed: 0,
      tests_skipped: 0,
      failures: [],
      duration_ms: 1,
      timed_out: false,
      exit_code: red ? 1 : 0,
      output_excerpt: '',
      ...result,
    },
    ...more,
  };
}
