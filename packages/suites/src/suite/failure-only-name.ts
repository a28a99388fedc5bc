// What runners report beside their tests, and only when it fails: hooks (mocha), builds (Go), classes and files that could not be
// set up (JUnit, Surefire, jest-junit), errors of no test (vitest).
const names = [
  /^vitest unhandled errors\./,
  /"(?:before|after) (?:each|all)" hook\b/,
  /\[(?:build|setup) failed\]$/,
  /(?:^|[.\s])(?:initializationError|executionError|classMethod)$/,
  /^Test (?:execution failed|suite failed to run)\b/,
  /^\(a test without a name\)$/,
  // A class without a test's name.
  /[^.]\.$/,
];

/** Whether a failure has a name that no passing test ever has: it is over when the whole suite passes. */
export function isFailureOnlyName(test: string): boolean {
  return names.some((name) => name.test(test));
}
