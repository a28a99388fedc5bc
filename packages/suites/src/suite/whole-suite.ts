import { firstOf } from '../plain-text.ts';
import type { SuiteResult, TestsRun } from './run-suite.ts';
import { maxShownName } from './shown-names.ts';

/**
 * What a run of the whole suite says after everything that was red has passed on its own: passed only when all of it passes, each
 * test that had been red among it, and no test of the first run is missing.
 *
 * @param missing what it lacks; null when nothing
 */
export function confirmedBy(
  first: SuiteResult,
  { result }: TestsRun,
  missing: string | null,
  notes: readonly string[],
): SuiteResult {
  const duration_ms = first.duration_ms + result.duration_ms;
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
  return withNotes({ ...whole.result, duration_ms }, [
    ...notes,
    `the first run ${firstOf(began, maxShownName)}`,
  ]);
}

function withNotes(result: SuiteResult, notes: readonly string[]): SuiteResult {
  return notes.length === 0 ? result : { ...result, notes: [...notes] };
}
