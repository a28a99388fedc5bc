import type { SuiteConfig } from '../config/selftest-config.ts';
import { holdsTests } from './holds-tests.ts';
import type { SuiteResult, SuiteRun, TestFailure, TestsRun, TestsWish } from './run-suite.ts';

export type RunTests = (suite: SuiteConfig, run: SuiteRun, wish?: TestsWish) => Promise<TestsRun>;

// As many arguments as any command line takes, whatever their length.
const maxArguments = 200;

/**
 * Runs failing tests once more, only those: `rerun` with one argument for each. Where one of them has no name that a
 * command line takes, the whole suite runs.
 *
 * @returns the failing tests that passed this time. A test that was skipped, or is in no report, did not.
 */
export async function rerunFailing(
  runTests: RunTests,
  suite: SuiteConfig,
  run: SuiteRun,
  failing: readonly TestFailure[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ passed: TestFailure[]; again: TestsRun }> {
  const again = await runTests(suite, run, { argv: rerunCommand(suite, failing), env, list: true });
  const { result, tests } = again;
  if (tests === null) return { passed: endedWell(result) ? [...failing] : [], again };
  const outcomes = new Map<string, Set<string>>();
  for (const { test, outcome } of tests) outcomes.set(test, (outcomes.get(test) ?? new Set()).add(outcome));
  const passed = failing.filter(({ test }) => {
    // A failure that is the suite's own (a crash, a missing report) is over when the suite passes.
    if (test === suite.name && !outcomes.has(test)) return result.status === 'passed';
    const seen = outcomes.get(test);
    // A file that could not be loaded has become the tests that stand in it.
    if (seen === undefined) return result.status === 'passed' && holdsTests(test, tests);
    return seen?.size === 1 && seen.has('passed');
  });
  return { passed, again };
}

// A rerun need not write the report: then the exit code is all there is.
function endedWell({ exit_code, timed_out }: SuiteResult): boolean {
  return exit_code === 0 && !timed_out;
}

function rerunCommand(suite: SuiteConfig, failing: readonly TestFailure[]): readonly string[] {
  const names = [...new Set(failing.map(({ argument }) => argument))];
  const nameable = names.filter((name) => name !== null);
  if (suite.rerun === undefined || nameable.length < names.length || names.length > maxArguments) {
    return suite.command;
  }
  // A test's name is never a place for a directory of ours.
  return suite.rerun.flatMap((part) => (part === '{tests}' ? nameable : [part]));
}
