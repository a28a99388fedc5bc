import { createReruns, type RunTests } from '@actp/suites/suite/rerun-failing';
import type { SuiteRun, TestResult, TestsRun } from '@actp/suites/suite/run-suite';
import { detectFlaky } from '@actp/suites/suite/detect-flaky';
import { lostTests } from '@actp/suites/suite/lost-tests';
import { goneBehindNewNames } from '@actp/suites/suite/renamed-tests';
import type { Before } from './heal-record.ts';
import { testEnvironment } from './test-environment.ts';

export interface TestsCheck {
  /** What the tests have against it; null when nothing. */
  problem: string | null;
  /** What has to be known of how they ran; may be empty. */
  note: string;
}

/** How often the failing tests have to pass. */
export const requiredPasses = 3;

/** Verifies a change by the tests alone: the failing ones three times in a row, then the whole suite, of which nothing may be lost. */
export async function verifyByTests(runTests: RunTests, before: Before, run: SuiteRun): Promise<TestsCheck> {
  const { suite, failing } = before;
  const env = testEnvironment(run);
  const reruns = createReruns(runTests, suite, run, env);
  const check = (problem: string | null) => ({ problem, note: reruns.notes().join('; ') });
  for (let round = 1; round <= requiredPasses; round += 1) {
    const { passed, again } = await reruns.run(failing);
    const red = failing.filter((failure) => !passed.includes(failure));
    const [first] = red;
    if (first === undefined) continue;
    const why = again.result.timed_out ? ' (timed out)' : reruns.isGone(first) ? ' (not found)' : '';
    return check(
      `${red.length} of ${failing.length} failing tests do not pass (round ${round} of ${requiredPasses})${why}: ${first.test}`,
    );
  }
  const runWhole = () => runTests(suite, run, { env, list: true });
  const whole = await runWhole();
  const problem = lossIn(before, whole) ?? (await redIn(runTests, before, run, whole));
  return check(problem ?? (await lossBehindNewNames(before, whole.tests, runWhole)));
}

function lossIn({ tests }: Before, whole: TestsRun): string | null {
  return tests === null ? null : lostTests(tests, whole.tests);
}

async function redIn(
  runTests: RunTests,
  before: Before,
  run: SuiteRun,
  { result, tests }: TestsRun,
): Promise<string | null> {
  if (result.status === 'passed') return null;
  const { suite, flaky } = before;
  // One that was known to be flaky before is given the chance that it has every night.
  const others = result.failures.filter(({ test }) => !flaky.includes(test));
  if (others.length > 0 || result.tests_failed > result.failures.length) {
    return `the whole suite does not pass: ${others[0]?.test ?? suite.name}: ${others[0]?.message ?? ''}`;
  }
  const detection = await detectFlaky(runTests, suite, run, result, () => undefined, {
    env: testEnvironment(run),
    tests,
  });
  if (detection.result.status === 'passed')
    return detection.whole === null ? null : lossIn(before, detection.whole);
  const [red] = detection.result.failures;
  return detection.whole === null
    ? `a flaky test now fails every time: ${red?.test ?? ''}`
    : `the whole suite does not pass: ${red?.test ?? suite.name}: ${red?.message ?? ''}`;
}

async function lossBehindNewNames(
  { tests, failing }: Before,
  now: readonly TestResult[] | null,
  runWhole: () => Promise<TestsRun>,
): Promise<string | null> {
  if (now === null) return null;
  const red = failing.map(({ test }): TestResult => ({ test, outcome: 'failed' }));
  const gone = await goneBehindNewNames([...(tests ?? []), ...red], now, runWhole);
  return gone === null ? null : `a test is gone: ${gone}`;
}
