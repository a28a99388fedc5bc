import type { SuiteConfig } from '../config/selftest-config.ts';
import { holdsTests } from './holds-tests.ts';
import { outcomesOf, type Outcome } from './outcomes.ts';
import { rerunCommand } from './rerun-command.ts';
import { createRerunNotes } from './rerun-notes.ts';
import {
  replaceRunDir,
  type SuiteRun,
  type TestFailure,
  type TestsRun,
  type TestsRunOptions,
} from './run-suite.ts';

export type RunTests = (suite: SuiteConfig, run: SuiteRun, options?: TestsRunOptions) => Promise<TestsRun>;

export interface Rerun {
  /** The failing tests that passed this time. A test that was skipped, or is in no report, did not. */
  passed: TestFailure[];
  again: TestsRun;
  /** Whether `again` is a run of the whole suite. */
  whole: boolean;
}

export interface Reruns {
  /** Runs failing tests once more: only those, where the suite's runner finds them by name, or else the whole suite. */
  run(failing: readonly TestFailure[]): Promise<Rerun>;
  /** Whether neither the name nor the whole suite has brought a test back: it cannot run again. */
  isGone(failure: TestFailure): boolean;
  /** Why, and for which tests, the whole suite ran instead of a rerun by name; empty when it never did. */
  notes(): string[];
}

/**
 * Reruns of one suite's failing tests: `rerun` with one argument for each. One name that is not found (an id that changes from run
 * to run, a pattern that matches nothing) keeps many runners from running anything; then the whole suite runs, and later reruns
 * go without what that did not bring back either.
 */
export function createReruns(
  runTests: RunTests,
  suite: SuiteConfig,
  run: SuiteRun,
  env: Readonly<Record<string, string>> = {},
): Reruns {
  /** By name only the whole suite runs them. */
  const unnamed = new Set<string>();
  const gone = new Set<string>();
  const notes = createRerunNotes();
  /** A rerun ended well and wrote no report, so that the next one would not either. */
  let unreported = false;

  async function runWhole(): Promise<TestsRun> {
    return runTests(suite, run, {
      argv: suite.command.map((part) => replaceRunDir(part, run)),
      env,
      list: true,
    });
  }

  return {
    async run(failing) {
      const here = failing.filter(({ test }) => !gone.has(test));
      const { argv, ...reasons } = rerunCommand(suite, run, here);
      if ('unfit' in reasons && suite.rerun !== undefined) {
        notes.unfit(reasons.unfit);
        if (reasons.tooMany) notes.tooMany(here.length);
      }
      if (argv === null || unreported || here.some(({ test }) => unnamed.has(test))) {
        const again = await runWhole();
        return { passed: passedIn(here, outcomesOf(again, here, { whole: true })), again, whole: true };
      }
      const named = await runTests(suite, run, { argv, env, list: true });
      const byName = outcomesOf(named, here, { whole: false });
      const unknown = here.filter((failure) => byName(failure) === 'unknown');
      if (unknown.length === 0 || named.result.timed_out || run.signal.aborted) {
        return { passed: passedIn(here, byName), again: named, whole: false };
      }
      unreported = named.unreported === true && named.result.exit_code === 0;
      if (unreported) notes.unreported();
      const again = await runWhole();
      const inWhole = outcomesOf(again, here, { whole: true });
      const none = unknown.length === here.length ? named : null;
      for (const { test } of unreported ? [] : notFoundAmong(unknown, none, again)) {
        unnamed.add(test);
        notes.notFound(test);
      }
      for (const failure of unknown) {
        if (inWhole(failure) === 'unknown') gone.add(failure.test);
      }
      // What ran by name has to have passed there as well.
      const passed = passedIn(here, inWhole).filter((failure) => byName(failure) !== 'failed');
      return { passed, again, whole: true };
    },
    isGone: ({ test }) => gone.has(test),
    notes: notes.list,
  };
}

/**
 * Which names the runner did not take. When it ran none of them, one may have been enough for that: then it is those that it has
 * named and those that the whole suite does not have either, if there are such.
 */
function notFoundAmong(
  unknown: readonly TestFailure[],
  named: TestsRun | null,
  { tests }: TestsRun,
): readonly TestFailure[] {
  if (named === null || tests === null) return unknown;
  const said = namedAsMissing(named.result.output_excerpt);
  const names = new Set(tests.map(({ test }) => test));
  const missing = unknown.filter(
    (failure) => said(failure) || (!names.has(failure.test) && !holdsTests(failure.test, tests)),
  );
  return missing.length > 0 ? missing : unknown;
}

// pytest: "ERROR: not found: /srv/calc/calc.py::calc.add".
function namedAsMissing(output: string): (failure: TestFailure) => boolean {
  const lines = output.split('\n').filter((line) => /\bnot found\b|\bno match/i.test(line));
  return ({ argument }) => argument !== null && lines.some((line) => line.trimEnd().endsWith(argument));
}

function passedIn(failing: readonly TestFailure[], outcome: (failure: TestFailure) => Outcome) {
  return failing.filter((failure) => outcome(failure) === 'passed');
}
