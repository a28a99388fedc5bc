import { messageOf } from '@actp/shared/errors';
import type { SelfTestTrigger } from '@actp/shared/jobs/catalogue';
import type { ServiceResult } from '@actp/suites/service/check-service';
import { createProgressBoard, type Progress, type ProgressBoard } from './progress.ts';
import type { RunTests } from '@actp/suites/suite/rerun-failing';
import type { SuiteRun } from '@actp/suites/suite/run-suite';
import { detectFlaky, type RerunNotice } from '@actp/suites/suite/detect-flaky';
import { healPlan, type HealPlan } from '../heal/run/heal-plan.ts';
import type {
  SelftestConfig,
  ServiceConfig,
  StartCommand,
  SuiteConfig,
} from '@actp/suites/config/selftest-config';
import { snapshotOf, type RunResult, type HealthSnapshot } from './snapshot.ts';
import type { StartedService } from '@actp/suites/service/start-service';

/** The configuration of this run, or what is wrong with it: one line for people for each problem. */
export type LoadedConfig = { ok: true; config: SelftestConfig } | { ok: false; problems: string[] };

export interface SelfTestDeps {
  readConfig(): Promise<LoadedConfig>;
  /** One attempt, or as many as fit into the service's time. */
  checkService(service: ServiceConfig, signal: AbortSignal, attempts?: number): Promise<ServiceResult>;
  startService(service: ServiceConfig, start: StartCommand, run: SuiteRun): Promise<StartedService>;
  /** One run of a suite, or of some of its tests. */
  runTests: RunTests;
  /** A directory for this run alone, and how to be rid of it. */
  makeRunDir(runId: string): Promise<{ path: string; remove(): Promise<void> }>;
  /** Milliseconds that only go forward. */
  now(): number;
  /** Stores the snapshot. */
  report(snapshot: HealthSnapshot): Promise<void>;
}

export interface SelfTestRun {
  runId: string;
  trigger: SelfTestTrigger;
  signal: AbortSignal;
  progress(progress: Progress): void;
}

/**
 * Goes through the steps of a self-test and reports one snapshot, also when something inside breaks (`error`).
 *
 * @returns the snapshot that was reported
 * @throws what `report` throws, and nothing else
 */
export async function runSelfTest(deps: SelfTestDeps, run: SelfTestRun): Promise<HealthSnapshot> {
  const began = deps.now();
  const board = createProgressBoard(run.progress);
  const runResult: RunResult = {
    services: [],
    suites: [],
    flaky: [],
    configProblems: [],
    fault: null,
    heal: null,
  };
  try {
    await examine(deps, run, board, runResult);
  } catch (error) {
    runResult.fault = `the self-test aborted: ${messageOf(error)}`;
  }
  if (run.signal.aborted) runResult.fault = 'the self-test runner was stopped before the run finished';
  const snapshot = snapshotOf({ ...run, durationMs: deps.now() - began }, runResult);
  board.running('report', snapshot.status);
  await deps.report(snapshot);
  board.done('report', snapshot.status);
  return snapshot;
}

/** Everything but the report; what it found so far stands in `runResult` at any time. */
async function examine(
  deps: SelfTestDeps,
  run: SelfTestRun,
  board: ProgressBoard,
  runResult: RunResult,
): Promise<void> {
  board.running('spin_up', 'reading the configuration');
  const loaded = await deps.readConfig();
  if (!loaded.ok) {
    runResult.configProblems = loaded.problems;
    board.done('spin_up', 'the configuration is invalid');
    const later = ['health_checks', 'run_tests', 'self_heal', 'verify_fixes'] as const;
    for (const step of later) board.skipped(step, 'no configuration');
    return;
  }
  const { services, suites } = loaded.config;
  const runDir = await deps.makeRunDir(run.runId);
  const started: StartedService[] = [];
  const here: SuiteRun = { runDir: runDir.path, signal: run.signal };
  try {
    started.push(...(await spinUp(deps, here, board, services)));
    runResult.services = await checkAll(deps, run.signal, board, services, started);
    await testAll(deps, here, board, suites, runResult);
    runResult.heal = planHealing(run, board, loaded.config, runResult);
  } finally {
    await Promise.all(started.map((service) => service.stop()));
    await runDir.remove();
  }
}

async function spinUp(
  deps: SelfTestDeps,
  run: SuiteRun,
  board: ProgressBoard,
  services: readonly ServiceConfig[],
): Promise<StartedService[]> {
  const startable = services.flatMap((service) =>
    service.kind === 'http' && service.start !== null ? [{ service, start: service.start }] : [],
  );
  board.running('spin_up', `${startable.length} services can be started`);
  const started = await Promise.all(
    startable.map(async ({ service, start }) => {
      const { up } = await deps.checkService(service, run.signal, 1);
      return up || run.signal.aborted ? null : deps.startService(service, start, run);
    }),
  );
  const those = started.filter((service) => service !== null);
  board.done('spin_up', `${those.length} of ${startable.length} services started`);
  return those;
}

async function checkAll(
  deps: SelfTestDeps,
  signal: AbortSignal,
  board: ProgressBoard,
  services: readonly ServiceConfig[],
  started: readonly StartedService[],
): Promise<ServiceResult[]> {
  board.running('health_checks', `${services.length} services`);
  const results = await Promise.all(
    services.map(async (service) => {
      const start = started.find(({ result }) => result.name === service.name);
      const apart = start?.result.sandbox === undefined ? {} : { sandbox: start.result.sandbox };
      if (start?.result.up !== false) return { ...(await deps.checkService(service, signal)), ...apart };
      // It had its time already; why it could not be started tells more than that it does not answer.
      const last = await deps.checkService(service, signal, 1);
      return last.up ? { ...last, ...apart } : start.result;
    }),
  );
  const up = results.filter((result) => result.up).length;
  board.done('health_checks', `${up} of ${results.length} services are up`);
  return results;
}

const wholeAgain = 'rerunning the whole suite';

/** One suite after the other: two at once would disturb each other, and the plane that they run beside. */
async function testAll(
  deps: SelfTestDeps,
  run: SuiteRun,
  board: ProgressBoard,
  suites: readonly SuiteConfig[],
  runResult: RunResult,
): Promise<void> {
  for (const [index, suite] of suites.entries()) {
    if (run.signal.aborted) break;
    const where = `${index + 1}/${suites.length} ${suite.name}`;
    board.running('run_tests', where);
    // With every test listed, what runs last can be compared with it.
    const first = await deps.runTests(suite, run, { list: suite.rerun !== undefined });
    const again: RerunNotice = (attempt) =>
      board.running(
        'run_tests',
        `${where}: ${attempt === 'whole suite' ? wholeAgain : `rerunning failed tests (${attempt})`}`,
      );
    const { tests } = first;
    const detection = await detectFlaky(deps.runTests, suite, run, first.result, again, { tests });
    const { result, flaky, whole } = detection;
    runResult.suites.push(result);
    const names = new Set([...flaky, ...(first.flaky ?? []), ...(whole?.flaky ?? [])]);
    runResult.flaky.push(...[...names].map((test) => ({ suite: suite.name, test })));
  }
  const passed = runResult.suites.filter((result) => result.status === 'passed').length;
  const flaky = runResult.flaky.length === 0 ? '' : `, ${runResult.flaky.length} flaky tests`;
  board.done('run_tests', `${passed} of ${suites.length} suites passed${flaky}`);
}

/** Healing takes longer than a self-test may: it goes on in a job of its own, once the verdict is stored. */
function planHealing(
  { signal }: SelfTestRun,
  board: ProgressBoard,
  config: SelftestConfig,
  { suites }: RunResult,
): HealPlan | null {
  const plan = signal.aborted ? null : healPlan(config, suites);
  if (plan === null || plan.state === 'skipped') {
    board.skipped('self_heal', plan?.reason ?? 'nothing failed');
    board.skipped('verify_fixes', 'nothing was healed');
    return plan;
  }
  board.done('self_heal', plan.reason);
  board.skipped('verify_fixes', 'continues in the queue heal; see the snapshot');
  return plan;
}
