import { functionOf } from './outcomes.ts';
import type { TestResult, TestsRun } from './run-suite.ts';

/**
 * Another parameter in a test's name is no loss where such names are others at each run, which one more run of the whole suite
 * shows. Names that stay the same from now on have been exchanged, for instance for data that passes.
 *
 * @returns one of the tests that are gone; null when none is
 */
export async function goneBehindNewNames(
  before: readonly TestResult[],
  now: readonly TestResult[],
  runWhole: () => Promise<TestsRun>,
): Promise<string | null> {
  const renamed = renamedFunctions(before, now);
  if (renamed.size === 0) return null;
  const again = await runWhole();
  const changing = renamedFunctions(now, again.tests ?? []);
  const lost = [...renamed].find(([name]) => again.tests === null || !changing.has(name));
  return lost?.[1] ?? null;
}

/**
 * Test functions of which a parametrised test is gone, and so has perhaps another parameter.
 *
 * @returns the function, and one of its tests that are gone
 */
function renamedFunctions(before: readonly TestResult[], after: readonly TestResult[]): Map<string, string> {
  const names = new Set(after.map(({ test }) => test));
  const functions = new Map<string, string>();
  for (const { test } of before) {
    const parent = functionOf(test);
    if (parent !== null && !names.has(test)) functions.set(parent, test);
  }
  return functions;
}
