import { isFailureOnlyName } from './failure-only-name.ts';
import { holdsTests } from './holds-tests.ts';
import type { TestFailure, TestsRun } from './run-suite.ts';

/** Whether a failing test passed in a run; a test that was skipped, or of which the run knows nothing, did not. */
export type Outcome = 'passed' | 'failed' | 'unknown';

/** How each of the failing tests went in a run of their suite, or of a part of it. */
export function outcomesOf(
  { result, tests, unusable }: TestsRun,
  failing: readonly TestFailure[],
  { whole }: { whole: boolean },
): (failure: TestFailure) => Outcome {
  if (tests === null) {
    // Without a report to write, the exit code is all there is; one that should be there and is not says nothing.
    if (unusable !== true && result.exit_code === 0 && !result.timed_out) return () => 'passed';
    return () => (whole ? 'failed' : 'unknown');
  }
  const seen = new Map<string, Set<string>>();
  for (const { test, outcome } of tests) seen.set(test, (seen.get(test) ?? new Set()).add(outcome));
  const passed = result.status === 'passed';
  const ran = tests.filter(({ outcome }) => outcome !== 'skipped');

  return ({ test }) => {
    const outcomes = seen.get(test);
    if (outcomes !== undefined) {
      if (outcomes.has('failed')) return 'failed';
      return outcomes.size === 1 && outcomes.has('passed') ? 'passed' : 'unknown';
    }
    // A failure that is the suite's own (a crash, a missing report) is over when the suite passes.
    if (test === result.name || (whole && isFailureOnlyName(test))) return passed ? 'passed' : 'failed';
    // A file that could not be loaded has become the tests that stand in it; skipped ones show nothing.
    if (holdsTests(test, ran)) return passed ? 'passed' : 'failed';
    return whole ? siblingsOutcome(test, failing, tests) : 'unknown';
  };
}

/**
 * The test function of a parametrised pytest id; null for any other name. What stands in the brackets may be another at each run
 * (a date, a random value).
 */
export function functionOf(test: string): string | null {
  const bracket = test.indexOf('[', test.indexOf('::') + 1);
  return test.includes('::') && bracket > 0 && test.endsWith(']') ? test.slice(0, bracket) : null;
}

// As many tests of the same function as failed, all of them green now, none by the old name.
function siblingsOutcome(
  test: string,
  failing: readonly TestFailure[],
  tests: NonNullable<TestsRun['tests']>,
): Outcome {
  const parent = functionOf(test);
  const siblings = parent === null ? [] : tests.filter((other) => functionOf(other.test) === parent);
  const failed = failing.filter((other) => functionOf(other.test) === parent);
  if (siblings.length === 0 || siblings.length < failed.length) return 'unknown';
  return siblings.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed';
}
