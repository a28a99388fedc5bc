import { isFailureOnlyName } from '@actp/suites/suite/failure-only-name';
import { functionOf } from '@actp/suites/suite/outcomes';
import { holdsTests } from '@actp/suites/suite/holds-tests';
import type { TestResult } from '@actp/suites/suite/run-suite';

/**
 * What the whole suite has lost since the failing run; null when nothing. A test that is gone, or skipped where it was not, has
 * not passed. A test file that could not even be loaded may have become the tests that stand in it.
 */
export function lostTests(before: readonly TestResult[], after: readonly TestResult[] | null): string | null {
  if (after === null) return 'there is no longer a report that names its tests';
  const [was, is] = [countsOf(before), countsOf(after)];
  const [wasOf, isOf] = [countsOf(before, functionOf), countsOf(after, functionOf)];
  let replaced = 0;
  for (const [test, then] of was) {
    const now = is.get(test);
    if (now === undefined && then.failed === then.total && isReplaced(test, after)) {
      replaced += isFailureOnlyName(test) ? then.total : 0;
      continue;
    }
    if (now?.total === 1 && isReportedTwice(test, then)) {
      replaced += 1;
      continue;
    }
    // Another parameter in the brackets at each run: then the test function has as many as before.
    const parent = now === undefined ? functionOf(test) : null;
    const lost = parent === null ? lossOf(then, now) : lossOf(wasOf.get(parent) ?? then, isOf.get(parent));
    if (lost !== null) return `a test is ${lost}: ${test}`;
  }
  const left = before.length - replaced;
  return after.length < left ? `${after.length} tests are left of ${left}` : null;
}

/**
 * Test functions of which a parametrised test is gone, and so has perhaps another parameter.
 *
 * @returns the function, and one of its tests that are gone
 */
export function renamedFunctions(
  before: readonly TestResult[],
  after: readonly TestResult[],
): Map<string, string> {
  const names = new Set(after.map(({ test }) => test));
  const functions = new Map<string, string>();
  for (const { test } of before) {
    const parent = functionOf(test);
    if (parent !== null && !names.has(test)) functions.set(parent, test);
  }
  return functions;
}

// pytest: once for its failure, once for that of the clean-up after it.
function isReportedTwice(test: string, { total, failed }: Counts): boolean {
  return test.includes('::') && total === 2 && failed === 2;
}

interface Counts {
  total: number;
  skipped: number;
  failed: number;
}

// What was reported in the place of tests while it failed.
function isReplaced(test: string, after: readonly TestResult[]): boolean {
  return holdsTests(test, after) || isFailureOnlyName(test);
}

function lossOf(then: Counts, now: Counts | undefined): 'gone' | 'skipped' | null {
  if (now === undefined || now.total < then.total) return 'gone';
  return now.skipped > then.skipped ? 'skipped' : null;
}

function countsOf(
  tests: readonly TestResult[],
  keyOf: (test: string) => string | null = (test) => test,
): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { test, outcome } of tests) {
    const key = keyOf(test);
    if (key === null) continue;
    const count = counts.get(key) ?? { total: 0, skipped: 0, failed: 0 };
    count.total += 1;
    if (outcome === 'skipped') count.skipped += 1;
    if (outcome === 'failed') count.failed += 1;
    counts.set(key, count);
  }
  return counts;
}
