import { describe, expect, it } from 'vitest';
import { detectTestTampering } from './test-tampering.ts';

// One line for each word that code must not begin to speak of, so that none can be lost unnoticed.
const lines: Record<string, readonly string[]> = {
  'the test runner': [
    ...['unittest', 'pytest', '_pytest', 'nose', 'doctest', 'SkipTest', 'skipTest', 'skipIf', 'xfail'],
    ...['pytest_configure', 'my-pytest11'],
    ...['vitest', 'jest', 'mocha', 'jasmine', 'node:test'],
    ...['describe.skip', 'it.todo', 'test.only', 'it.fails'],
  ],
  'whether it is being tested': [
    ...['PYTEST_CURRENT_TEST', 'PYTEST_XDIST_WORKER', 'VITEST', 'VITEST_POOL_ID', 'JEST_WORKER_ID'],
    ...['ACTP_COMMAND_ID', "NODE_ENV === 'test'"],
  ],
  'the test report': [
    ...['junit', 'JUnitXml', 'testsuite', 'testsuites', '<testcase', 'report.xml'],
    ...['f = open("a.xml"); f.write(x)', 'outputFile'],
  ],
  'how the test run ends': [
    ...['os._exit', 'atexit', 'sys.exit', 'process.exit', 'process.reallyExit', 'process.kill'],
    ...['process.exitCode', 'os.kill', 'os.abort'],
    ...['_exit', 'SystemExit', 'os.execv', 'os.fork', 'exit (0)', 'quit()', 'process ["x"]'],
    ...['x = exit(0)', 'process["x"]', 'process  ["x"]', 'quit  (0)', 'os.execvp', 'os.forkpty'],
    ...["import { x } from 'process'", "import x from'node:process'"],
  ],
  'who calls it': [
    ...['sys.modules', 'sys.argv', 'sys.settrace', 'sys.setprofile', 'sys.meta_path', 'sys.path_hooks'],
    ...['sys._getframe', 'inspect.stack', 'inspect.currentframe', 'gc.get_objects'],
  ],
  'how tests compare': [
    ...['builtins.open', 'builtin["x"]', '__builtins__', 'AssertionError = 1', 'assertEqual'],
    ...['AssertionError=1', 'builtins ["x"]', 'builtins  .x'],
    ...['__eq__', '__ne__', '__lt__', '__gt__', '__le__', '__ge__', '__bool__'],
    ...['globalThis.expect', 'globalThis.it', 'globalThis.test'],
  ],
  'how code is loaded': [
    ...['importlib.reload', 'require.cache', 'Module._load', '__import__ (x)', 'exec(x)', 'eval(x)'],
    ...['__import__(x)', '__import__  (x)', 'x = exec(y)', 'x = exec  (y)', 'x = eval(y)', 'x = eval  (y)'],
    ...['import_module  (x)', 'new  Function', 'x = Function("y")', 'x = Function  ("y")'],
    ...['spec_from_file_location', 'exec_module', 'SourceFileLoader', 'runpy', 'ctypes', 'import_module(x)'],
    ...['new Function', 'Function ("x")', 'const run = eval', 'constructor.constructor', 'vm.runInContext'],
    ...['__subclasses__', '__globals__', '__getattribute__', '__loader__'],
  ],
  'an alias of the interpreter': [
    ...['sys', 'os', 'builtins', 'inspect', 'gc', 'signal', 'ctypes'].map((name) => `import ${name} as x`),
    ...['sys', 'builtins', 'inspect', 'gc', 'ctypes'].map((name) => `from ${name} import x`),
    ...['getattr', 'setattr', 'delattr', 'vars'].map((name) => `${name} (os)`),
    ...['sys', 'builtins', 'inspect', 'gc', 'signal'].map((name) => `vars(${name})`),
    ...[
      'sys.__dict__',
      'os.__dict__',
      'import  sys  as x',
      'from  sys  import x',
      'vars(os)',
      'vars  (  os)',
    ],
  ],
  'a cache': [
    '__pycache__',
    ...['mypy_cache', 'ruff_cache', 'hypothesis', 'vite', 'vite-temp', 'nyc_output'].map(
      (name) => `a/.${name}`,
    ),
    ...['"', "'", '`'].map((quote) => `${quote}.turbo${quote}`),
    'a/.cache/b',
  ],
  'another source encoding': ['# coding: rot13', '# -*- coding=utf_7 -*-', 'encoding: cp037'],
  'a name assembled from parts': [
    '"__e" + x',
    "'__' +x",
    '"__e"+x',
    '"__e"  + x',
    'x + "q__"',
    "x +'__'",
    'x+"q__"',
  ],
};
const cases = Object.entries(lines).flatMap(([what, list]) => list.map((line) => [line, what] as const));

describe('[SEC-008] a change that makes code know of its tests', () => {
  it.each(cases)('is no repair: %s', (line, what) => {
    expect(detectTestTampering('x = 1\n', `x = 1\n${line}\n`)).toBe(what);
  });

  it.each([
    ['the test runner', 'x = pytest'],
    ['whether it is being tested', 'x = VITEST'],
    ['the test report', 'x = junit'],
    ['how the test run ends', 'sys.exit(1)'],
    ['who calls it', 'sys.argv'],
    ['how tests compare', '__eq__'],
    ['another source encoding', '# coding: rot13'],
  ])('is none either where the file spoke of it before: %s', (what, line) => {
    expect(detectTestTampering(`${line}\n`, `${line}  # more\n`)).toBe(what);
  });

  it.each(['quit()', 'import sys as s', 'runpy', "open('/.cache')"])(
    'may say again what an ordinary program says: %s',
    (line) => {
      expect(detectTestTampering(`${line}\n`, `${line}\n${line} # more\n`)).toBe(null);
    },
  );

  it.each([
    ['_exit', 'os._exit(0)', 'how the test run ends'],
    ['eval', 'eval(x)', 'how code is loaded'],
  ])('may not go on from %s to %s', (before, line, what) => {
    expect(detectTestTampering(`${before}\n`, `${before}\n${line}\n`)).toBe(what);
  });

  it.each([
    'def add(a, b):\n    return a + b',
    'text = "an unquiet exit_code, and a latest jester"',
    'pattern.exec(text)',
    'my_exec(text)',
    'on_exit(text)',
    'page.quit(text)',
    'AnyFunction(text)',
    'any.Function(text)',
    'gc = 1',
    '# coding: utf8',
    // No interpreter takes these for what they would be.
    'sys\\u0020.exit(0)',
    'sys\\u{ffffff}.exit(0)',
    '# -*- coding: utf-8 -*-',
    '# coding: latin-1',
    '# coding: ascii',
    '# coding: iso-8859-15',
    'a.cached = 1',
  ])('is nothing of the kind: %s', (line) => {
    expect(detectTestTampering('', line)).toBe(null);
  });

  it('is seen in a line that was there once and comes twice, or deeper', () => {
    expect(detectTestTampering('sys.exit(0)\n', 'sys.exit(0)\n')).toBe(null);
    expect(detectTestTampering('sys.exit(0)\n', 'sys.exit(0)\nsys.exit(0)\n')).toBe('how the test run ends');
    expect(detectTestTampering('sys.exit(0)\n', '  sys.exit(0)\n')).toBe('how the test run ends');
    expect(detectTestTampering('a\nsys.exit(0)\nb\n', 'b\nsys.exit(0)\n')).toBe(null);
  });

  it.each([
    ['letters that only look different', 'ｓｙｓ.exit(0)'],
    ['an escape in braces', 'sys.\\u{65}xit(0)'],
    ['an escape of four digits', 'sys.\\u0065xit(0)'],
    ['an escape of two digits', 'sys.\\x65xit(0)'],
    ['a continued line', 'sys.\\\nexit(0)'],
    ['a continued line of Windows', 'sys.\\\r\nexit(0)'],
    ['spaces around the dot', 'sys . exit(0)'],
    ['a line end before the dot', 'sys\n  .exit(0)'],
    ['optional chaining', 'process?.exit(0)'],
  ])('is seen through %s', (_how, text) => {
    expect(detectTestTampering('', text)).toBe('how the test run ends');
  });

  it.each([
    ['a continued line', 'gc.\\\nget_objects()'],
    ['a continued line of Windows', 'gc.\\\r\nget_objects()'],
    ['a line end of Windows before the dot', 'gc\r\n.get_objects()'],
  ])('is seen as one word through %s', (_how, text) => {
    expect(detectTestTampering('', text)).toBe('who calls it');
  });

  it('is not put together from the end of one line and the beginning of the next', () => {
    expect(detectTestTampering('', 'my\n_exit\n')).toBe('how the test run ends');
    expect(detectTestTampering('', 'gc\nget_objects\n')).toBe(null);
  });
});
