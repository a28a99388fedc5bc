import type { SelfTestStatus, SelfTestTrigger } from '@actp/shared/jobs/catalogue';
import { redactValue } from '@actp/redaction/redact-value';
import type { ServiceResult } from '@actp/suites/service/check-service';
import type { HealPlan } from '../heal/run/heal-plan.ts';
import { firstOf } from '@actp/suites/plain-text';
import type { SuiteResult, TestFailure } from '@actp/suites/suite/run-suite';

/** A failure in a snapshot. `suite` is null when no suite is meant: the configuration, or the run itself. */
export interface SnapshotFailure extends TestFailure {
  suite: string | null;
}

/** A row of `actp_agent_health_snapshots`. */
export interface HealthSnapshot {
  run_id: string;
  trigger: SelfTestTrigger;
  status: SelfTestStatus;
  tests_total: number;
  tests_passed: number;
  tests_failed: number;
  services_up: number;
  services_total: number;
  services: ServiceResult[];
  suites: Array<Omit<SuiteResult, 'failures'>>;
  failures: SnapshotFailure[];
  flaky: Array<{ suite: string; test: string }>;
  heal: HealPlan | null;
  duration_ms: number;
}

/** What a run found out, as far as it came. */
export interface RunResult {
  services: ServiceResult[];
  suites: SuiteResult[];
  /** Tests that failed and passed when they ran again. */
  flaky: Array<{ suite: string; test: string }>;
  /** What is wrong with the configuration, one line each. */
  configProblems: string[];
  /** Why the run itself broke off; null when it did not. */
  fault: string | null;
  /** What becomes of the failing suites; null when there is none. */
  heal: HealPlan | null;
}

// A row stays small enough for a list of a hundred: 200 failures of at most 1 KiB, and 256 KiB of details in all.
const maxFailures = 200;
const maxMessage = 1_024;
const maxDetails = 8 * 1_024;
const allDetails = 256 * 1_024;
// Names of this length are rare; what is left out here is only not shown.
const maxArgument = 4_096;

/**
 * Makes the row of a finished run. Nothing in it is a secret. A broken configuration counts as one failed test for
 * each problem, a run that broke off as `error`.
 */
export function snapshotOf(
  run: { runId: string; trigger: SelfTestTrigger; durationMs: number },
  { services, suites, flaky, configProblems, fault, heal }: RunResult,
): HealthSnapshot {
  const sum = (key: 'tests_total' | 'tests_passed' | 'tests_failed') =>
    suites.reduce((total, suite) => total + suite[key], 0);
  const failed = sum('tests_failed') + configProblems.length;
  const up = services.filter((service) => service.up).length;
  const bad = failed > 0 || up < services.length;
  return redactValue<HealthSnapshot>({
    run_id: run.runId,
    trigger: run.trigger,
    status: fault === null ? (bad ? 'failed' : 'passed') : 'error',
    tests_total: sum('tests_total') + configProblems.length,
    tests_passed: sum('tests_passed'),
    tests_failed: failed,
    services_up: up,
    services_total: services.length,
    services,
    suites: suites.map(({ failures: _apart, ...suite }) => suite),
    failures: fitting([
      ...(fault === null ? [] : [plain('self-test', fault)]),
      ...configProblems.map((problem) => plain('configuration', problem)),
      ...fairShare(suites),
    ]),
    flaky: flaky.slice(0, maxFailures),
    // A run that broke off has judged nothing that could be healed.
    heal: fault === null ? heal : null,
    duration_ms: Math.round(run.durationMs),
  });
}

function plain(test: string, message: string): SnapshotFailure {
  return { suite: null, test, argument: null, message, details: '' };
}

// One suite with hundreds of failures must not hide the one failure of another: they take turns.
function fairShare(suites: readonly SuiteResult[]): SnapshotFailure[] {
  const share = Math.max(1, Math.floor(maxFailures / Math.max(1, suites.length)));
  const of = (suite: SuiteResult, from: number, to?: number) =>
    suite.failures.slice(from, to).map((failure) => ({ suite: suite.name, ...failure }));
  return [...suites.flatMap((suite) => of(suite, 0, share)), ...suites.flatMap((suite) => of(suite, share))];
}

function fitting(failures: readonly SnapshotFailure[]): SnapshotFailure[] {
  let room = allDetails;
  return failures.slice(0, maxFailures).map((failure) => {
    const details = room === 0 ? '' : firstOf(failure.details, Math.min(maxDetails, room));
    room = Math.max(0, room - details.length);
    const { argument } = failure;
    const shown = argument === null || argument.length > maxArgument ? null : argument;
    return { ...failure, argument: shown, message: firstOf(failure.message, maxMessage), details };
  });
}
