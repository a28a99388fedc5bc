import { describe, expect, it } from 'vitest';
import type { TestResult } from './run-suite.ts';
import { compareTests, lostTests } from './lost-tests.ts';

/** `a` passed, `-a` failed, `~a` was skipped. */
const list = (...words: string[]): TestResult[] =>
  words.map((word) => {
    const outcome = word.startsWith('-') ? 'failed' : word.startsWith('~') ? 'skipped' : 'passed';
    return { test: outcome === 'passed' ? word : word.slice(1), outcome };
  });

describe('[SEC-008] what a suite has lost after a heal', () => {
  it.each([
    ['nothing', list('a', '-b'), list('a', 'b'), null],
    ['nothing, with more tests than before', list('-a'), list('a', 'b', 'c'), null],
    ['a test', list('a', '-b'), list('a', 'c'), 'a test is gone: b'],
    ['one of two with one name', list('a', 'a'), list('a', 'c'), 'a test is gone: a'],
    ['a test to a skip', list('a', '-b'), list('a', '~b'), 'a test is skipped: b'],
    ['nothing where a file did not load', list('-t.py', 'a'), list('t.py::x', 'a'), null],
    [
      'nothing where parameters change',
      list('-t.py::x[17]', 't.py::y'),
      list('t.py::x[18]', 't.py::y'),
      null,
    ],
    [
      'one of several with parameters that change',
      list('-t.py::x[17]', 't.py::x[18]'),
      list('t.py::x[19]', 't.py::z'),
      'a test is gone: t.py::x[17]',
    ],
    [
      'a test to a skip with another parameter',
      list('-t.py::x[1]'),
      list('~t.py::x[2]'),
      'a test is skipped: t.py::x[1]',
    ],
    [
      'nothing where a clean-up failed as well',
      list('-t.py::x', '-t.py::x', 'a'),
      list('t.py::x', 'a'),
      null,
    ],
    [
      'a test to a skip where a clean-up failed as well',
      list('-t.py::x', '-t.py::x', 'a'),
      list('~t.py::x', 'a'),
      'a test is skipped: t.py::x',
    ],
    ['a file that did not load to skips', list('-t.py', 'a'), list('~t.py::x', 'a'), 'a test is gone: t.py'],
    ['nothing where a hook failed', list('-till "before each" hook for "x"', 'a'), list('x', 'a'), null],
    ['nothing where a class was not set up', list('-shop.Till', 'a'), list('shop.Till.pays', 'a'), null],
    ['nothing where a class had no test yet', list('-shop.Till.', 'a'), list('shop.Till.pays', 'a'), null],
    [
      'a file that is skipped beside its test',
      list('-t.py'),
      list('~t.py', 't.py::x'),
      'a test is skipped: t.py',
    ],
    [
      'a test that was reported twice',
      list('-t.py::x', '-t.py::x'),
      list('a', 'b'),
      'a test is gone: t.py::x',
    ],
    [
      'one of three of pytest, of which one passed',
      list('-t.py::x', '-t.py::x', 't.py::x'),
      list('t.py::x', 'a', 'b'),
      'a test is gone: t.py::x',
    ],
    [
      'a parameter to a skip where another runs now',
      list('t.py::x[1]', '~t.py::x[2]'),
      list('~t.py::x[1]', 't.py::x[2]'),
      'a test is skipped: t.py::x[1]',
    ],
    ['nothing where a test stays skipped', list('~a', '-b'), list('~a', 'b'), null],
    ['nothing where a skipped test runs', list('~a', '-b'), list('a', 'b'), null],
    ['one of two with one name to a skip', list('~a', 'a'), list('~a', '~a'), 'a test is skipped: a'],
    ['one of two that failed', list('-a', '-a'), list('a', 'b'), 'a test is gone: a'],
    [
      'one of two of pytest, of which one passed',
      list('-t.py::x', 't.py::x'),
      list('t.py::x', 'a'),
      'a test is gone: t.py::x',
    ],
    [
      'one of three of pytest',
      list('-t.py::x', '-t.py::x', '-t.py::x'),
      list('t.py::x', 'a', 'b'),
      'a test is gone: t.py::x',
    ],
    [
      'a file of which something had run',
      list('-t.py', 't.py'),
      list('t.py::x', 'a'),
      'a test is gone: t.py',
    ],
    [
      'a test beside its file, which failed as well',
      list('-t.py', 't.py::x'),
      list('t.py::x'),
      '1 tests are left of 2',
    ],
    [
      'nothing where two hooks failed',
      list('-x "after each" hook', '-x "after each" hook', 'a'),
      list('a'),
      null,
    ],
    [
      'a skipped one of several with parameters that change',
      list('t.py::x[1]', '-t.py::x[2]'),
      list('t.py::x[3]', '~t.py::x[4]'),
      'a test is skipped: t.py::x[1]',
    ],
    [
      'nothing where a skipped parameter is another',
      list('~t.py::x[1]', '-t.py::y'),
      list('~t.py::x[2]', 't.py::y'),
      null,
    ],
    ['nothing where a build failed', list('-shop/stock.[build failed]', 'a'), list('a'), null],
  ])('is %s', (_what, before, after, lost) => {
    expect(lostTests(before, after)).toBe(lost);
  });

  it('is everything without a report', () => {
    expect(lostTests(list('a'), null)).toBe('there is no longer a report that names its tests');
  });

  it('is listed one by one, with what a test has become', () => {
    const before = list('a', 'b', '-c', '-till "after all" hook');
    expect(compareTests(before, list('~a', 'c'))).toEqual({
      lost: [
        { test: 'a', what: 'skipped' },
        { test: 'b', what: 'gone' },
      ],
      replaced: 1,
    });
  });
});
