import { describe, expect, it } from 'vitest';
import { missingInWhole } from './missing-after-full-rerun.ts';
import type { SuiteResult, TestFailure, TestResult, TestsRun } from './run-suite.ts';

/** `a` passed, `-a` failed, `~a` was skipped. */
const list = (...words: string[]): TestResult[] =>
  words.map((word) => {
    const outcome = word.startsWith('-') ? 'failed' : word.startsWith('~') ? 'skipped' : 'passed';
    return { test: outcome === 'passed' ? word : word.slice(1), outcome };
  });

function resultOf(tests: readonly TestResult[], own: TestFailure[] = []): SuiteResult {
  const count = (outcome: string) => tests.filter((test) => test.outcome === outcome).length;
  const red = tests.filter(({ outcome }) => outcome === 'failed');
  const failures = red.map(({ test }): TestFailure => ({ test, argument: test, message: '', details: '' }));
  return {
    name: 's',
    status: failures.length + own.length > 0 ? 'failed' : 'passed',
    tests_total: tests.length + own.length,
    tests_passed: count('passed'),
    tests_failed: failures.length + own.length,
    tests_skipped: count('skipped'),
    failures: [...own, ...failures],
    duration_ms: 1,
    timed_out: false,
    exit_code: 0,
    output_excerpt: '',
  };
}

const runOf = (tests: readonly TestResult[]): TestsRun => ({ result: resultOf(tests), tests: [...tests] });

/** What is missing after `first` in a green run of the whole suite, when one more shows `again`. */
async function missing(first: TestResult[], whole: TestResult[], again: TestResult[] = whole) {
  let looks = 0;
  const found = await missingInWhole({ result: resultOf(first), tests: first }, runOf(whole), async () => {
    looks += 1;
    return runOf(again);
  });
  return { found, looks };
}

describe('[SEC-006] what a green run of the whole suite lacks', () => {
  it.each([
    ['nothing', list('a', '-b', '~c'), list('a', 'b', '~c')],
    ['nothing, with more tests', list('-b'), list('a', 'b', 'c')],
    ['nothing where one that was skipped runs now', list('-b', '~c'), list('b', 'c')],
    ['nothing where a file did not load', list('-t.py', 'a'), list('t.py::x', 'a')],
    ['nothing where a file failed beside its test', list('-t.py', 't.py::x'), list('t.py::x')],
    ['nothing where a hook failed', list('-x "before each" hook for "y"', 'a'), list('y', 'a')],
    ['nothing where a clean-up failed as well', list('-t.py::x', '-t.py::x', 'a'), list('t.py::x', 'a')],
  ])('is %s', async (_what, first, whole) => {
    expect(await missing(first, whole)).toEqual({ found: null, looks: 0 });
  });

  it.each([
    ['renamed', list('a', '-b'), list('a', 'z')],
    ['gone, with another in its place', list('a', '-b', '-c'), list('a', 'c', 'new')],
    ['a parameter of a test without others', list('a', '-t.py::b[1]'), list('a', 't.py::c[1]')],
    ['a file of which all tests are skipped', list('a', '-b'), list('a', '~b > x', 'c')],
  ])('is a red test: %s', async (_what, first, whole) => {
    expect((await missing(first, whole)).found).toMatch(
      /^a test that had failed is not in the whole suite any more: /,
    );
  });

  it('is a red test that is skipped, in one of its runs as well', async () => {
    const found = 'a test that had failed is skipped in the whole suite: b';
    expect(await missing(list('a', '-b'), list('a', '~b', 'c'))).toMatchObject({ found });
    expect(await missing(list('a', '-b'), list('a', 'b', '~b', 'c'))).toMatchObject({ found });
    const twice = await missing(list('-t.py::x', '-t.py::x'), list('~t.py::x', 'a'));
    expect(twice.found).toContain('is skipped');
  });

  it('is what passed at first and is skipped or gone, whatever else there is now', async () => {
    const first = list('a', 'b', '-c');
    expect((await missing(first, list('~a', 'b', 'c'))).found).toBe(
      'of the tests of the first time, 1 did not run in the whole suite: a (skipped)',
    );
    expect((await missing(first, list('new', 'other', '~b', 'c'))).found).toBe(
      'of the tests of the first time, 2 did not run in the whole suite: a (gone), b (skipped)',
    );
    expect((await missing(list('a', 'a', '-c'), list('a', 'x', 'c'))).found).toContain('a (gone)');
  });

  it('is named for a few tests and counted for all', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `t${at}`);
    const { found } = await missing(list(...names, '-c'), list(...names.map((name) => `~${name}`), 'c'));
    expect(found).toBe(
      'of the tests of the first time, 12 did not run in the whole suite: t0 (skipped), t1 (skipped), t2 (skipped), t3 (skipped), t4 (skipped) and 7 more',
    );
  });

  it('is nothing where the parameters of a test change from run to run, which one more run shows', async () => {
    for (const sign of ['', '-']) {
      const first = list(`${sign}t.py::x[1]`, '-c');
      const changing = await missing(first, list('t.py::x[2]', 'c'), list('t.py::x[3]', 'c'));
      expect(changing).toEqual({ found: null, looks: 1 });
      const exchanged = await missing(first, list('t.py::x[2]', 'c'));
      expect(exchanged).toEqual({
        found: 'a test is not in the whole suite any more: t.py::x[1]',
        looks: 1,
      });
      const skipped = await missing(first, list('~t.py::x[2]', 'c'), list('~t.py::x[3]', 'c'));
      expect(skipped.found).not.toBeNull();
    }
  });

  it('is, without the names of all tests, a smaller number of them or of those that were executed', async () => {
    const first = { result: resultOf(list('a', 'b', '-c')), tests: null };
    const look = async (whole: TestResult[]) =>
      missingInWhole(first, { result: resultOf(whole), tests: null }, async () => runOf(whole));
    expect(await look(list('a', 'b', 'c'))).toBeNull();
    expect(await look(list('a', 'c'))).toBe('only 2 tests ran in the whole suite, 3 ran the first time');
    expect(await look(list('~a', '~b', 'c'))).toBe(
      'only 1 tests were executed in the whole suite, 3 were the first time',
    );
  });

  it('is a smaller number of them where only those of the first time have no names', async () => {
    const first = { result: resultOf(list('a', '~b', '-c')), tests: null };
    const look = async (whole: TestResult[]) => missingInWhole(first, runOf(whole), async () => runOf(whole));
    expect(await look(list('a', '~b', 'c'))).toBeNull();
    expect(await look(list('a', 'c'))).toBe('only 2 tests ran in the whole suite, 3 ran the first time');
  });

  it('is a red test whose name can be no argument', async () => {
    const red: TestFailure = { test: 'c.-x', argument: null, message: '', details: '' };
    const first = { result: resultOf(list('a'), [red]), tests: null };
    const whole = runOf(list('a', 'b', 'd'));
    expect(await missingInWhole(first, whole, async () => whole)).toBe(
      'a test that had failed is not in the whole suite any more: c.-x',
    );
  });

  it('is a test with another parameter when the second look lists no tests', async () => {
    const first = list('t.py::x[1]', '-c');
    const whole = runOf(list('t.py::x[2]', 'c'));
    const found = await missingInWhole({ result: resultOf(first), tests: first }, whole, async () => ({
      ...whole,
      tests: null,
    }));
    expect(found).toBe('a test is not in the whole suite any more: t.py::x[1]');
  });

  it('is no failure of the suite itself, but a test that only has its name', async () => {
    const own: TestFailure = { test: 's', argument: null, message: 'was killed by SIGSEGV', details: '' };
    const whole = runOf(list('a'));
    const noLook = async () => whole;
    expect(await missingInWhole({ result: resultOf([], [own]), tests: null }, whole, noLook)).toBeNull();
    expect((await missing(list('-s', 'a'), list('b', 'a'))).found).toBe(
      'a test that had failed is not in the whole suite any more: s',
    );
  });
});
