// Words that code under test has no business with: who runs it, how that is reported, how to end before it is.
const telling: ReadonlyArray<{ pattern: RegExp; what: string }> = [
  {
    pattern: /\b(?:unittest|pytest|_pytest|nose|doctest|SkipTest|skipTest|skipIf|xfail)\b/,
    what: 'the test runner',
  },
  {
    pattern: /\b(?:vitest|jest|mocha|jasmine|node:test)\b|\b(?:describe|it|test)\.(?:skip|todo|only|fails)\b/,
    what: 'the test runner',
  },
  {
    pattern:
      /\b(?:PYTEST_CURRENT_TEST|VITEST\w*|JEST_WORKER_ID|ACTP_COMMAND_ID|PYTEST_\w+)\b|NODE_ENV\W{1,8}test\b/,
    what: 'whether it is being tested',
  },
  {
    pattern: /\bjunit|testsuites?\b|<testcase|\breport\.xml\b|\.xml\b.*\bwrite|outputFile/i,
    what: 'the test report',
  },
  {
    pattern:
      /\bos\._exit\b|\batexit\b|\bsys\.exit\b|\bprocess\.(?:exit|reallyExit|kill|exitCode)\b|\bos\.kill\b|\bos\.abort\b/,
    what: 'how the test run ends',
  },
  {
    pattern:
      /\bsys\.(?:modules|argv|settrace|setprofile|meta_path|path_hooks|_getframe)\b|\binspect\.(?:stack|currentframe)\b|\bgc\.get_objects\b/,
    what: 'who calls it',
  },
  {
    pattern:
      /\bbuiltins?\b\s*[.[]|\b__builtins__\b|\bAssertionError\s*=|\bassertEqual\b|\b__(?:eq|ne|lt|gt|le|ge|bool)__\b|globalThis\.(?:expect|it|test)\b/,
    what: 'how tests compare',
  },
  {
    pattern:
      /\bimportlib\.reload\b|\brequire\.cache\b|\bModule\._load\b|\b__import__\s*\(|(?<![.\w])exec\s*\(|(?<![.\w])eval\s*\(/,
    what: 'how code is loaded',
  },
];

/**
 * Whether a change made code know about its tests, which is how a test can be made green without the code being right.
 *
 * @returns what the new lines speak of; null when of nothing of the kind
 */
export function knowsItsTests(before: string, after: string): string | null {
  const had = new Set(before.split('\n').map((line) => line.trim()));
  const added = after.split('\n').filter((line) => !had.has(line.trim()));
  for (const line of added) {
    const hit = telling.find(({ pattern }) => pattern.test(line.slice(0, 2_000)));
    if (hit) return hit.what;
  }
  return null;
}
