import { holdsTests } from '../../suite/holds-tests.ts';
import type { TestResult } from '../../suite/run-suite.ts';

/**
 * What the whole suite has lost since the failing run; null when nothing. A test that is gone, or skipped where it was not, has
 * not passed. A test file that could not even be loaded may have become the tests that stand in it.
 */
export function lostTests(before: readonly TestResult[], after: readonly TestResult[] | null): string | null {
  if (after === null) return 'there is no report any more that names its tests';
  const [was, is] = [countsOf(before), countsOf(after)];
  for (const [test, { total, skipped }] of was) {
    const now = is.get(test);
    if (now === undefined && was.get(test)?.failed === total && holdsTests(test, after)) continue;
    if (now === undefined || now.total < total) return `a test is gone: ${test}`;
    if (now.skipped > skipped) return `a test is skipped: ${test}`;
  }
  if (after.length < before.length) return `${after.length} tests are left of ${before.length}`;
  return null;
}

function countsOf(tests: readonly TestResult[]) {
  const counts = new Map<string, { total: number; skipped: number; failed: number }>();
  for (const { test, outcome } of tests) {
    const count = counts.get(test) ?? { total: 0, skipped: 0, failed: 0 };
    count.total += 1;
    if (outcome === 'skipped') count.skipped += 1;
    if (outcome === 'failed') count.failed += 1;
    counts.set(test, count);
  }
  return counts;
}
