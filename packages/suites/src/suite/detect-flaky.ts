import type { SuiteConfig } from '../config/selftest-config.ts';
import { createReruns, type Rerun, type RunTests } from './rerun-failing.ts';
import type { SuiteResult, SuiteRun, TestFailure, TestResult, TestsRun } from './run-suite.ts';
import { missingInWhole } from './missing-after-full-rerun.ts';
import { confirmedBy, replacedBy } from './whole-suite.ts';

const maxReruns = 3;

export interface FlakyDetection {
  result: SuiteResult;
  /** Tests that failed and then passed: they are reported, never healed, and count as passed once the whole suite has passed. */
  flaky: string[];
  /** The run of the whole suite that came last; null when there was no second one. */
  whole: TestsRun | null;
}

/** Called before a rerun with its number, or that the whole suite runs for the last time. */
export type RerunNotice = (attempt: number | 'whole suite') => void;

export interface DetectionOptions {
  /** Further environment of all runs. */
  env?: Readonly<Record<string, string>>;
  /** Every test of the first run: without them, only the number of tests can be compared. */
  tests?: readonly TestResult[] | null;
}

/**
 * Distinguishes flaky tests from broken ones: what failed runs again, up to three times. Passing once is flaky; failing every time
 * counts as a real failure.
 * A suite without `rerun`, one that timed out or was stopped, and one with more failures than are listed stay as they are.
 *
 * Tests that passed on their own say nothing of what else was wrong with the first run (a file that did not load, tests that did
 * not run, a program after the tests). So once nothing is red any more, the whole suite runs one more time, and only that makes
 * it pass.
 */
export async function detectFlaky(
  runTests: RunTests,
  suite: SuiteConfig,
  run: SuiteRun,
  first: SuiteResult,
  again: RerunNotice,
  { env = {}, tests = null }: DetectionOptions = {},
): Promise<FlakyDetection> {
  const canRerun = suite.rerun !== undefined && !first.timed_out && !run.signal.aborted;
  if (first.status === 'passed' || !canRerun || first.tests_failed > first.failures.length) {
    return { result: first, flaky: [], whole: null };
  }
  const reruns = createReruns(runTests, suite, run, env);
  let red: readonly TestFailure[] = first.failures;
  let last: Rerun | null = null;
  for (let attempt = 1; attempt <= maxReruns && !run.signal.aborted; attempt += 1) {
    if (red.every((failure) => reruns.isGone(failure))) break;
    again(attempt);
    const rerun = await reruns.run(red);
    red = red.filter((failure) => !rerun.passed.includes(failure));
    last = rerun;
  }
  const passed = first.failures.filter((failure) => !red.includes(failure));
  const flaky = [...new Set(passed.map(({ test }) => test))];
  const notes = reruns.notes();
  if (red.length > 0 || run.signal.aborted) {
    const specific = run.signal.aborted ? null : moreSpecificRun(first, red, last);
    if (specific !== null) return { result: replacedBy(first, specific, notes), flaky, whole: specific };
    return { result: withoutFlaky(first, red, passed.length, notes), flaky, whole: null };
  }
  const runWhole = () => {
    again('whole suite');
    return runTests(suite, run, { env, list: true });
  };
  const whole = last?.whole === true && last.again.result.status === 'passed' ? last.again : await runWhole();
  const missing =
    whole.result.status === 'passed' ? await missingInWhole({ result: first, tests }, whole, runWhole) : null;
  return { result: confirmedBy(first, whole, missing, notes), flaky, whole };
}

/** A run of the whole suite that names red tests, where the first one only ended badly in itself. */
function moreSpecificRun(
  first: SuiteResult,
  red: readonly TestFailure[],
  last: Rerun | null,
): TestsRun | null {
  const isOwn = ({ test }: TestFailure) => test === first.name;
  if (last?.whole !== true || last.again.tests === null || !red.every(isOwn)) return null;
  return last.again.result.failures.some(isOwn) ? null : last.again;
}

function withoutFlaky(
  first: SuiteResult,
  red: readonly TestFailure[],
  passed: number,
  notes: string[],
): SuiteResult {
  if (passed === 0 && notes.length === 0) return first;
  const failed = first.tests_failed - passed;
  return {
    ...first,
    failures: [...red],
    tests_failed: failed,
    tests_passed: first.tests_passed + passed,
    ...(notes.length === 0 ? {} : { notes }),
  };
}
