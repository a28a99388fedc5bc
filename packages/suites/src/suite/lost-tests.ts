import { isFailureOnlyName } from './failure-only-name.ts';
import { functionOf } from './outcomes.ts';
import { holdsTests } from './holds-tests.ts';
import type { TestResult } from './run-suite.ts';

/** A test that had run, or at least been there, and how it is missing now. */
export interface LostTest {
  test: string;
  what: 'gone' | 'skipped';
}

/**
 * What the whole suite has lost since the failing run; null when nothing. A test that is gone, or skipped where it was not, has
 * not passed. A test file that could not even be loaded may have become the tests that stand in it.
 */
export function lostTests(before: readonly TestResult[], after: readonly TestResult[] | null): string | null {
  if (after === null) return 'there is no longer a report that names its tests';
  const { lost, replaced } = compareTests(before, after);
  const [first] = lost;
  if (first !== undefined) return `a test is ${first.what}: ${first.test}`;
  const left = before.length - replaced;
  return after.length < left ? `${after.length} tests are left of ${left}` : null;
}

/** The lost tests one by one, and how many of `before` need not be there any more. */
export function compareTests(
  before: readonly TestResult[],
  after: readonly TestResult[],
): { lost: LostTest[]; replaced: number } {
  const [was, is] = [countsOf(before), countsOf(after)];
  const [wasOf, isOf] = [countsOf(before, functionOf), countsOf(after, functionOf)];
  const ran = after.filter(({ outcome }) => outcome !== 'skipped');
  const lost: LostTest[] = [];
  let replaced = 0;
  for (const [test, then] of was) {
    const now = is.get(test);
    if (now === undefined && then.failed === then.total && isReplaced(test, ran)) {
      replaced += isFailureOnlyName(test) ? then.total : 0;
      continue;
    }
    if (now?.total === 1 && isReportedTwice(test, then)) {
      replaced += 1;
      if (now.skipped > 0) lost.push({ test, what: 'skipped' });
      continue;
    }
    // Another parameter in the brackets at each run: then the test function has as many as before.
    const parent = now === undefined ? functionOf(test) : null;
    const what = parent === null ? lossOf(then, now) : lossOf(wasOf.get(parent) ?? then, isOf.get(parent));
    if (what !== null) lost.push({ test, what });
  }
  return { lost, replaced };
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

// What was reported in the place of tests while it failed; that they are skipped now shows nothing.
function isReplaced(test: string, ran: readonly TestResult[]): boolean {
  return holdsTests(test, ran) || isFailureOnlyName(test);
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
