import type { BigIntStats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commandEnvironment, type Environment } from '../command/command-environment.ts';
import { boundedName } from './bounded-name.ts';
import { readJunit, type JunitOutcome } from './junit.ts';
import type { JunitReport, TestOutcome } from './junit-cases.ts';
import { enterSuite } from './enter-suite.ts';
import { beforeReport, isFromEarlierRun, type ReportBefore } from './report-age.ts';
import { endsOf, lastOf, plainText } from '../plain-text.ts';
import { runCommand, type CommandResult } from '../command/run-command.ts';
import type { SuiteConfig } from '../config/selftest-config.ts';
import type { SandboxUsed } from '../sandbox/isolation.ts';
import type { Sandboxes } from '../sandbox/sandboxes.ts';
import { testIdOf, type CaseNames } from './test-id.ts';

/** One thing that a person, or a fix prompt, has to look at. */
export interface TestFailure {
  test: string;
  /** What stands for `{tests}` in the suite's `rerun`; null: only the whole suite shows it again. */
  argument: string | null;
  message: string;
  details: string;
}

export interface SuiteResult {
  name: string;
  status: 'passed' | 'failed';
  tests_total: number;
  tests_passed: number;
  tests_failed: number;
  tests_skipped: number;
  /** The first ones; `tests_failed` counts all. Never empty when the suite failed. */
  failures: TestFailure[];
  duration_ms: number;
  timed_out: boolean;
  exit_code: number | null;
  output_excerpt: string;
  /** What kept it apart from the plane. */
  sandbox?: SandboxUsed;
  /** What has to be known about how the result came about; left out when there is nothing. */
  notes?: string[];
}

export interface RunSuiteDeps {
  /** Absolute; a relative `cwd` counts from here. */
  rootDir: string;
  /** The runner's own environment, of which a suite gets a small part. */
  env: Environment;
  /** What keeps suites apart from the plane; without it they are not. */
  sandboxes?: Sandboxes;
}

export interface SuiteRun {
  /** A directory of this run alone; the suite knows it as `{run_dir}`. */
  runDir: string;
  signal: AbortSignal;
}

// The end of the output says how it went; a failed suite's is also read by whoever repairs it.
const failedOutputMax = 8 * 1024;
const passedOutputMax = 1024;
// For people and comparisons; an argument is never shortened.
const maxTestName = 4_096;

/**
 * Runs one suite. The result comes from its JUnit report and its exit code, or from the exit code alone, which then counts
 * as one test. Whatever went wrong beside the tests (time over, a crash, no report) is one more failed test, named
 * after the suite. Never throws.
 */
export async function runSuite(deps: RunSuiteDeps, suite: SuiteConfig, run: SuiteRun): Promise<SuiteResult> {
  return (await runTests(deps, suite, run)).result;
}

/** One test by the name that failures have, and how it went. */
export interface TestResult {
  test: string;
  outcome: TestOutcome;
}

export interface TestsRun {
  result: SuiteResult;
  /** Every test of the report; null when it was not asked for, there was none, or it had more than `allCases`. */
  tests: TestResult[] | null;
  /** Set when this run should have written a report and there is none that can be used, or one that names no test that ran. */
  unusable?: boolean;
  /** Set beside `unusable` when this run wrote no report at all: there is none, an old one, or no regular file. */
  unreported?: boolean;
  /** Tests that failed and passed when the runner itself repeated them. */
  flaky?: string[];
}

export interface TestsRunOptions {
  /** In the place of the suite's `command`, as it is: nothing in it is replaced. */
  argv?: readonly string[];
  /** Whether every test is listed, which takes time and memory. */
  list?: boolean;
  /** Further environment. */
  env?: Readonly<Record<string, string>>;
}

// Enough for the largest suites; of a report with more only the sums count, and it cannot be healed.
const allCases = 100_000;

/** The same, with every single test. */
export async function runTests(
  deps: RunSuiteDeps,
  suite: SuiteConfig,
  run: SuiteRun,
  options: TestsRunOptions = {},
): Promise<TestsRun> {
  const more: Omit<TestsRun, 'result'> = { tests: null };
  const result = await runAndParse(deps, suite, run, options, ({ read, written, cwd }) => {
    if (!read.ok) {
      more.unusable = true;
      if (!written) more.unreported = true;
      return;
    }
    const { cases, total, flaky } = read.report;
    const named = (names: CaseNames) => shownName(testIdOf(names, cwd).test);
    if (flaky.length > 0) more.flaky = flaky.map(named);
    if (options.list !== true || cases.length < total) return;
    more.tests = cases.map(({ outcome, ...names }) => ({ test: named(names), outcome }));
  });
  return { result, ...more };
}

const shownName = (test: string) => boundedName(plainText(test), maxTestName);

/** An argument of a command in which `{run_dir}` is replaced by the directory of the run. */
export const replaceRunDir = (part: string, { runDir }: Pick<SuiteRun, 'runDir'>) =>
  part.replaceAll('{run_dir}', runDir);

interface SeenReport {
  read: JunitOutcome;
  /** Whether this run wrote it, useful or not. */
  written: boolean;
  cwd: string;
}

async function runAndParse(
  deps: RunSuiteDeps,
  suite: SuiteConfig,
  run: SuiteRun,
  options: TestsRunOptions,
  seen: (report: SeenReport) => void,
): Promise<SuiteResult> {
  const place = (text: string) => replaceRunDir(text, run);
  const cwd = resolve(deps.rootDir, suite.cwd);
  const realCwd = await realpath(cwd).catch(() => cwd);
  const configured = suite.junit === undefined ? null : resolve(realCwd, place(suite.junit));
  const env = { ...commandEnvironment(deps.env, suite), ...options.env };
  const surroundings = await enterSuite(deps, { suite, cwd, env, runDir: run.runDir, configured });
  const { sandbox, junit, placeRefusal } = surroundings;
  const used = deps.sandboxes === undefined ? {} : { sandbox: sandbox.used };
  try {
    const unreadable = junit === null || sandbox.problem !== null;
    const before = unreadable ? null : await beforeReport(junit, run.runDir, placeRefusal);
    const command = await runCommand({
      argv: options.argv ?? suite.command.map(place),
      cwd,
      env: sandbox.env,
      timeoutMs: suite.timeout_seconds * 1_000,
      scratchDir: run.runDir,
      signal: run.signal,
      sandbox,
    });
    return {
      ...(await parseRun(suite, options, seen, { command, cwd, junit, before, placeRefusal })),
      ...used,
    };
  } finally {
    await sandbox.leave();
  }
}

interface EndedRun {
  command: CommandResult;
  cwd: string;
  junit: string | null;
  before: ReportBefore | null;
  placeRefusal: (place: string) => string | null;
}

async function parseRun(
  suite: SuiteConfig,
  options: TestsRunOptions,
  seen: (report: SeenReport) => void,
  { command, cwd, junit, before, placeRefusal }: EndedRun,
): Promise<SuiteResult> {
  const problem = problemOf(command, suite.timeout_seconds);
  if (junit === null || before === null || command.end === 'not_started')
    return resultOf(suite.name, command, null, problem, cwd);
  let written = false;
  const refuseOld = (file: BigIntStats) => {
    written = !isFromEarlierRun(file, before);
    return written ? null : 'is from an earlier run: this one did not write it';
  };
  const report = await readJunit(junit, options.list === true ? allCases : 0, refuseOld, placeRefusal);
  seen({ read: report, written, cwd });
  if (!report.ok) {
    // How the command ended tells more than that it left no report.
    const missing = `its JUnit report ${suite.junit} ${report.problem}`;
    return resultOf(suite.name, command, null, problem === null ? missing : `${problem}; ${missing}`, cwd);
  }
  // A runner exits with an error when tests failed: that is no further problem.
  const explained = report.report.failed > 0 && command.end === 'exited';
  return resultOf(suite.name, command, report.report, explained ? null : problem, cwd);
}

/** What is wrong with how the command ended; null when it ended well. */
function problemOf(command: CommandResult, timeoutSeconds: number): string | null {
  switch (command.end) {
    case 'not_started':
      return command.problem;
    case 'timed_out':
      return `did not end within ${timeoutSeconds} s`;
    case 'stopped':
      return 'was stopped together with the runner';
    case 'signalled':
      return `was killed by ${command.signal}`;
    case 'exited':
      return command.exitCode === 0 ? null : `ended with exit code ${command.exitCode}`;
  }
}

function resultOf(
  name: string,
  command: CommandResult,
  report: JunitReport | null,
  problem: string | null,
  cwd: string,
): SuiteResult {
  const output = plainText(command.output);
  const failures = (report?.failures ?? []).map((failure) => ({
    ...testIdOf(failure, cwd),
    message: plainText(failure.message).trim(),
    details: plainText(failure.details).trim(),
  }));
  if (problem !== null) {
    // Its first lines stand in the alert.
    const details = endsOf(output.trim(), failedOutputMax);
    failures.unshift({ test: name, argument: null, message: problem, details });
  }
  // Without a report the exit code is the one test that there is.
  const ownTest = report === null || problem !== null ? 1 : 0;
  const failed = failures.length > 0;
  return {
    name,
    status: failed ? 'failed' : 'passed',
    tests_total: (report?.total ?? 0) + ownTest,
    tests_passed: (report?.passed ?? 0) + (problem === null ? ownTest : 0),
    tests_failed: (report?.failed ?? 0) + (problem === null ? 0 : ownTest),
    tests_skipped: report?.skipped ?? 0,
    failures: failures.map((failure) => ({
      ...failure,
      test: shownName(failure.test),
    })),
    duration_ms: command.durationMs,
    timed_out: command.end === 'timed_out',
    exit_code: command.exitCode,
    output_excerpt: lastOf(output, failed ? failedOutputMax : passedOutputMax),
  };
}
