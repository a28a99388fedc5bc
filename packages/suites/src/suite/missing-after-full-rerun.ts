import { isFailureOnlyName } from './failure-only-name.ts';
import { holdsTests } from './holds-tests.ts';
import { compareTests } from './lost-tests.ts';
import { functionOf } from './outcomes.ts';
import { goneBehindNewNames } from './renamed-tests.ts';
import type { SuiteResult, TestFailure, TestResult, TestsRun } from './run-suite.ts';
import { shownNames } from './shown-names.ts';

/** The first run of a suite, with every single test where they are known. */
export interface FirstRun {
  result: SuiteResult;
  tests: readonly TestResult[] | null;
}

/**
 * Which tests a green run of the whole suite lacks; null when none. Those that had been red have to be there and to have passed, and
 * all others have to be there as before and must not be skipped now.
 *
 * @param runWhole for a second look at parametrised tests whose names are others now
 */
export async function missingInWhole(
  first: FirstRun,
  whole: TestsRun,
  runWhole: () => Promise<TestsRun>,
): Promise<string | null> {
  const red = [...new Set(first.result.failures.filter((f) => isTest(f, first.result)).map((f) => f.test))];
  if (whole.tests === null) return fewerTests(first.result, whole.result, red.length);
  const had = redProblem(red, whole.tests);
  if (had !== null) return had;
  const lost = first.tests === null ? [] : compareTests(first.tests, whole.tests).lost;
  if (lost.length > 0) {
    const names = lost.map(({ test, what }) => `${test} (${what})`);
    return `of the tests of the first time, ${lost.length} did not run in the whole suite: ${shownNames(names)}`;
  }
  const fewer = first.tests === null ? fewerTests(first.result, whole.result, red.length) : null;
  if (fewer !== null) return fewer;
  const before = [...(first.tests ?? []), ...red.map((test): TestResult => ({ test, outcome: 'failed' }))];
  const gone = await goneBehindNewNames(before, whole.tests, runWhole);
  return gone === null ? null : `a test is not in the whole suite any more: ${gone}`;
}

function redProblem(red: readonly string[], tests: readonly TestResult[]): string | null {
  const ran = tests.filter(({ outcome }) => outcome !== 'skipped');
  const skipped = new Set(tests.filter(({ outcome }) => outcome === 'skipped').map(({ test }) => test));
  const skippedRed = red.find((test) => skipped.has(test));
  if (skippedRed !== undefined) return `a test that had failed is skipped in the whole suite: ${skippedRed}`;

  const names = new Set(ran.map(({ test }) => test));
  const functions = new Set(ran.map(({ test }) => functionOf(test)));
  const gone = red.find((test) => {
    const parent = functionOf(test);
    // Another parameter in its name is looked at a second time.
    const isRenamed = parent !== null && functions.has(parent);
    return !names.has(test) && !isRenamed && !holdsTests(test, ran);
  });
  return gone === undefined ? null : `a test that had failed is not in the whole suite any more: ${gone}`;
}

// Without the names of all tests, their number is what is left to compare.
function fewerTests(first: SuiteResult, now: SuiteResult, red: number): string | null {
  // Each name once: a test that fails and then fails to be cleaned up is reported twice.
  const before = first.tests_passed + first.tests_skipped + red;
  const ran = first.tests_passed + red;
  if (now.tests_total < before)
    return `only ${now.tests_total} tests ran in the whole suite, ${before} ran the first time`;
  const runNow = now.tests_total - now.tests_skipped;
  return runNow < ran
    ? `only ${runNow} tests were executed in the whole suite, ${ran} were the first time`
    : null;
}

// The suite's own failures and errors outside of any test are no tests that could run again.
function isTest({ test, argument }: TestFailure, first: SuiteResult): boolean {
  const isOwn = test === first.name && argument === null;
  return !isOwn && !isFailureOnlyName(test);
}
