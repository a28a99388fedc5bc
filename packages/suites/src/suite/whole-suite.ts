import { firstOf } from '../plain-text.ts';
import { isFailureOnlyName } from './failure-only-name.ts';
import type { SuiteResult, TestFailure, TestsRun } from './run-suite.ts';

const maxShown = 5;
const maxName = 200;

/**
 * What a run of the whole suite says after everything that was red has passed on its own: passed only when all of it passes, each
 * test that had been red among it, and no fewer tests than before.
 */
export function confirmedBy(first: SuiteResult, whole: TestsRun, notes: readonly string[]): SuiteResult {
  const { result } = whole;
  const duration_ms = first.duration_ms + result.duration_ms;
  const missing = result.status === 'passed' ? missingIn(first, whole) : null;
  if (result.status === 'passed' && missing === null) return withNotes({ ...result, duration_ms }, notes);
  const why = 'the failed tests passed on their own, but the whole suite, run once more, did not pass';
  if (missing === null) return withNotes({ ...result, duration_ms }, [...notes, why]);
  const failure = { test: result.name, argument: null, message: missing, details: '' };
  return withNotes(
    {
      ...result,
      status: 'failed',
      tests_total: result.tests_total + 1,
      tests_failed: result.tests_failed + 1,
      failures: [failure, ...result.failures],
      duration_ms,
    },
    [...notes, why],
  );
}

/** Replaces a first run that ended badly in itself by a later one of the whole suite, which names the failing tests. */
export function replacedBy(first: SuiteResult, whole: TestsRun, notes: readonly string[]): SuiteResult {
  const began = first.failures.find(({ test }) => test === first.name)?.message ?? '';
  const duration_ms = first.duration_ms + whole.result.duration_ms;
  return withNotes({ ...whole.result, duration_ms }, [...notes, `the first run ${firstOf(began, maxName)}`]);
}

/** That a rerun by name was not possible for some tests; none when it was for all. */
export function notFoundNote(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, maxShown).map((name) => firstOf(name, maxName).replace(/\n/g, ' '));
  const more = names.length > maxShown ? ` and ${names.length - maxShown} more` : '';
  return [`not found by name, so the whole suite ran instead: ${shown.join(', ')}${more}`];
}

function withNotes(result: SuiteResult, notes: readonly string[]): SuiteResult {
  return notes.length === 0 ? result : { ...result, notes: [...notes] };
}

function missingIn(first: SuiteResult, { result, tests }: TestsRun): string | null {
  const red = new Set(first.failures.filter((failure) => isTest(failure, first)).map(({ test }) => test));
  const skipped = (tests ?? []).find(({ test, outcome }) => outcome === 'skipped' && red.has(test));
  if (skipped !== undefined) return `a test that had failed is skipped in the whole suite: ${skipped.test}`;
  // Each name once: a test that fails and then fails to be cleaned up is reported twice.
  const before = first.tests_passed + first.tests_skipped + red.size;
  if (result.tests_total >= before) return null;
  return `only ${result.tests_total} tests ran in the whole suite, ${before} ran the first time`;
}

// The suite's own failures and errors outside of any test are no tests that could run again.
function isTest({ test, argument }: TestFailure, first: SuiteResult): boolean {
  return argument !== null && test !== first.name && !isFailureOnlyName(test);
}
