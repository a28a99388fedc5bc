import type { TestResult } from './run-suite.ts';

// As Java and .NET name classes; of a class that could not be set up, some runners report only its name.
const className = /(?:^|\.)[A-Z]\w*$/;

/** Whether a name is that of a file, or a class, whose tests are listed. */
export function holdsTests(name: string, tests: readonly TestResult[]): boolean {
  const isClass = className.test(name);
  return tests.some(
    ({ test }) =>
      test.startsWith(`${name}::`) ||
      test.startsWith(`${name} > `) ||
      (isClass && test.startsWith(`${name}.`)),
  );
}
