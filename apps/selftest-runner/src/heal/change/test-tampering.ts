interface Indicator {
  pattern: RegExp;
  what: string;
  /** Old enough words of ordinary programs: only counts where the file has not spoken of it before. */
  unless?: 'known';
}

// Words that code under test has no business with: who runs it, how that is reported, how to end before it is.
const indicators: readonly Indicator[] = [
  {
    pattern:
      /\b(?:unittest|pytest|_pytest|nose|doctest|SkipTest|skipTest|skipIf|xfail)\b|\bpytest_\w+|\bpytest11\b/,
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
    pattern: /\bjunit|testsuites?\b|<testcase|\breport\.xml\b|\.xml\b.{0,80}\bwrite|outputFile/i,
    what: 'the test report',
  },
  {
    pattern:
      /\bos\._exit\b|\batexit\b|\bsys\.exit\b|\bprocess\.(?:exit|reallyExit|kill|exitCode)\b|\bos\.kill\b|\bos\.abort\b/,
    what: 'how the test run ends',
  },
  {
    pattern:
      /\b_exit\b|\bSystemExit\b|\bos\.(?:exec[lv]\w*|fork\w*)|(?<![.\w])(?:exit|quit)\s*\(|\bprocess\s*\[|\bfrom\s*['"](?:node:)?process['"]/,
    what: 'how the test run ends',
    unless: 'known',
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
  // The same by another name.
  {
    pattern:
      /\bimport\s+(?:sys|os|builtins|inspect|gc|signal|ctypes)\s+as\b|\bfrom\s+(?:sys|builtins|inspect|gc|ctypes)\s+import\b|\b(?:getattr|setattr|delattr|vars)\s*\(\s*(?:sys|os|builtins|inspect|gc|signal)\b|\b(?:sys|os)\.__dict__/,
    what: 'an alias of the interpreter',
    unless: 'known',
  },
  {
    pattern:
      /\b(?:spec_from_file_location|exec_module|SourceFileLoader|runpy|ctypes)\b|\bimport_module\s*\(|\bnew\s+Function\b|(?<![.\w])Function\s*\(|\beval\b|\bconstructor\.constructor\b|\bvm\.run\w+|\b__(?:subclasses|globals|getattribute|loader)__\b/,
    what: 'how code is loaded',
    unless: 'known',
  },
  // Nobody looks there, and what is removed before the tests run can be put there again meanwhile.
  {
    pattern:
      /\b__pycache__\b|['"`/]\.(?:pytest_cache|mypy_cache|ruff_cache|hypothesis|vite|vite-temp|vitest|nyc_output|turbo|cache)(?![\w-])/,
    what: 'a cache',
    unless: 'known',
  },
  { pattern: /coding[:=]\s*(?!utf-?8|ascii|latin|iso-8859)[\w.-]+/i, what: 'another source encoding' },
  // Built of pieces, so that nobody finds it.
  { pattern: /(['"])__\w{0,8}\1\s*\+|\+\s*(['"])\w{0,8}__\2/, what: 'a name assembled from parts' },
];

/**
 * Whether a change made code know about its tests, which is how a test can be made green without the code being right.
 *
 * @returns what the new lines speak of; null when of nothing of the kind
 */
export function detectTestTampering(before: string, after: string): string | null {
  const was = plain(before);
  const added = newLines(was, plain(after));
  const hit = indicators.find(
    ({ pattern, unless }) => pattern.test(added) && !(unless === 'known' && pattern.test(was)),
  );
  return hit?.what ?? null;
}

/** The lines that were not there, or not as often, or not as deep: a line that moved can mean something else now. */
function newLines(before: string, after: string): string {
  const had = new Map<string, number>();
  for (const line of before.split('\n')) had.set(line, (had.get(line) ?? 0) + 1);
  const added = after.split('\n').filter((line) => {
    const left = had.get(line) ?? 0;
    had.set(line, left - 1);
    return left <= 0;
  });
  return added.join('\n');
}

/** As an interpreter reads it: letters that only look different, escapes, continued lines and spaces around dots are the same. */
function plain(text: string): string {
  return (
    text
      .normalize('NFKC')
      .replace(/\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (whole, ...hex: string[]) => {
        const code = Number.parseInt(hex[0] ?? hex[1] ?? hex[2] ?? '', 16);
        return code > 0x20 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
      .replace(/\\\r?\n/g, '')
      .replace(/\r/g, '')
      // What is between is bounded: a line of blanks must not cost more than its length.
      .replace(/(?<![ \t\n])[ \t]{0,40}\n?[ \t]{0,40}\??\.[ \t]{0,40}(?=[A-Za-z_])/g, '.')
  );
}
