import type { SuiteConfig } from '../config/selftest-config.ts';
import { rerunFailing, type RunTests } from './rerun-failing.ts';
import type { SuiteResult, SuiteRun, TestFailure } from './run-suite.ts';

const maxReruns = 3;

export interface JudgedSuite {
  result: SuiteResult;
  /** Tests that failed and then passed: they count as passed, are told, and never healed. */
  flaky: string[];
}

/**
 * Tells flaky tests from broken ones: what failed runs again, up to three times. Passed once: flaky; red each time: real.
 * A suite without `rerun`, one that timed out or was stopped, and one with more failures than are listed stay as they are.
 *
 * @param again told before each rerun, with its number
 */
export async function tellFlaky(
  runTests: RunTests,
  suite: SuiteConfig,
  run: SuiteRun,
  first: SuiteResult,
  again: (attempt: number) => void,
): Promise<JudgedSuite> {
  const judgeable = suite.rerun !== undefined && !first.timed_out && !run.signal.aborted;
  if (first.status === 'passed' || !judgeable || first.tests_failed > first.failures.length) {
    return { result: first, flaky: [] };
  }
  let red: readonly TestFailure[] = first.failures;
  for (let attempt = 1; attempt <= maxReruns && red.length > 0 && !run.signal.aborted; attempt += 1) {
    again(attempt);
    const { passed } = await rerunFailing(runTests, suite, run, red);
    red = red.filter((failure) => !passed.includes(failure));
  }
  const flaky = first.failures.filter((failure) => !red.includes(failure));
  if (flaky.length === 0) return { result: first, flaky: [] };
  const failed = first.tests_failed - flaky.length;
  return {
    result: {
      ...first,
      status: failed === 0 ? 'passed' : 'failed',
      failures: [...red],
      tests_failed: failed,
      tests_passed: first.tests_passed + flaky.length,
    },
    flaky: flaky.map(({ test }) => test),
  };
}
