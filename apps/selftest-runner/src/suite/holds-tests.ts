import type { TestResult } from './run-suite.ts';

/** Whether a name is that of a file whose tests are listed. */
export function holdsTests(file: string, tests: readonly TestResult[]): boolean {
  return tests.some(({ test }) => test.startsWith(`${file}::`) || test.startsWith(`${file} > `));
}
