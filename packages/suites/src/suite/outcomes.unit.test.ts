import { describe, expect, it } from 'vitest';
import { failure, runOf } from './made-run.fixture.ts';
import { functionOf, outcomesOf } from './outcomes.ts';
import type { TestsRun } from './run-suite.ts';

/** How the first of these went, in a run of the whole suite and in one by name. */
function outcomeOf(failing: readonly string[], run: TestsRun) {
  const all = failing.map(failure);
  const [one] = all;
  if (one === undefined) throw new Error('nothing failed');
  return [true, false].map((whole) => outcomesOf(run, all, { whole })(one));
}

describe('[SEC-006] a test that had failed', () => {
  it.each([
    ['passed', ['a'], ['a', 'b'], 'passed', 'passed'],
    ['failed', ['a'], ['-a'], 'failed', 'failed'],
    ['failed once', ['a'], ['a', '-a'], 'failed', 'failed'],
    ['was skipped', ['a'], ['~a', 'b'], 'unknown', 'unknown'],
    ['was skipped once', ['a'], ['a', '~a'], 'unknown', 'unknown'],
    ['passed where another is red', ['a'], ['a', '-b'], 'passed', 'passed'],
    ['is not there', ['a'], ['b'], 'unknown', 'unknown'],
    ['is the suite, which is green', ['s'], ['a'], 'passed', 'passed'],
    ['is the suite, which is red', ['s'], ['-a'], 'failed', 'failed'],
    ['is a hook of a green suite', ['x "before each" hook'], ['a'], 'passed', 'unknown'],
    ['is a hook of a red suite', ['x "before each" hook'], ['-a'], 'failed', 'unknown'],
    ['is a file whose tests are green', ['t.py'], ['t.py::x'], 'passed', 'passed'],
    ['is a file whose tests are red', ['t.py'], ['t.py::x', '-t.py::y'], 'failed', 'failed'],
    ['is a file whose tests are skipped', ['t.py'], ['~t.py::x', 'a'], 'unknown', 'unknown'],
    ['is a file of vitest', ['a.test.ts'], ['a.test.ts > adds'], 'passed', 'passed'],
    ['is a class', ['shop.Till'], ['shop.Till.pays'], 'passed', 'passed'],
    ['is a class without a package', ['Till'], ['Till.pays'], 'passed', 'passed'],
    ['is no class', ['shop.till'], ['shop.till.pays'], 'unknown', 'unknown'],
    ['is a class with a longer name', ['shop.Till'], ['shop.Tills.pays'], 'unknown', 'unknown'],
    ['only begins as a class does', ['shop.Till pays'], ['shop.Till pays.x'], 'unknown', 'unknown'],
  ])('that %s', (_how, failing, run, whole, byName) => {
    expect(outcomeOf(failing, runOf(run))).toEqual([whole, byName]);
  });

  it.each([
    ['green', ['t.py::x[1]'], ['t.py::x[2]'], 'passed'],
    ['more than there were', ['t.py::x[1]'], ['t.py::x[2]', 't.py::x[3]', '-t.py::y[1]'], 'passed'],
    ['as many', ['t.py::x[1]', 't.py::x[2]', 't.py::y[1]'], ['t.py::x[3]', 't.py::x[4]'], 'passed'],
    ['fewer', ['t.py::x[1]', 't.py::x[2]'], ['t.py::x[3]', 't.py::y[1]'], 'unknown'],
    ['red', ['t.py::x[1]'], ['t.py::x[2]', '-t.py::x[3]'], 'failed'],
    ['skipped', ['t.py::x[1]'], ['t.py::x[2]', '~t.py::x[3]'], 'failed'],
    ['of another function', ['t.py::x[1]'], ['t.py::y[1]'], 'unknown'],
    ['without a parameter', ['t.py::x[1]'], ['t.py::x'], 'unknown'],
    ['of nothing', ['a[1]'], ['a[2]'], 'unknown'],
  ])('whose parameter may be another now is judged by its siblings: %s', (_how, failing, run, whole) => {
    expect(outcomeOf(failing, runOf(run))).toEqual([whole, 'unknown']);
  });

  it.each([
    ['exit code 0', {}, {}, 'passed', 'passed'],
    ['another exit code', { exit_code: 1 }, {}, 'failed', 'unknown'],
    ['no exit code', { exit_code: null }, {}, 'failed', 'unknown'],
    ['too much time', { timed_out: true }, {}, 'failed', 'unknown'],
    ['a report that cannot be used', {}, { unusable: true }, 'failed', 'unknown'],
  ])('is judged without a report by the end of its run: %s', (_how, result, more, whole, byName) => {
    expect(outcomeOf(['a'], { ...runOf(null, result), ...more })).toEqual([whole, byName]);
  });
});

describe('the function of a parametrised test', () => {
  it.each([
    ['t.py::x[1]', 't.py::x'],
    ['t.py::T::x[a[1]]', 't.py::T::x'],
    ['t.py::x[a::b]', 't.py::x'],
    ['d[1]/t.py::x[2]', 'd[1]/t.py::x'],
    ['d[1]/t.py::x', null],
    ['t.py::x[1] y', null],
    ['t.py::x', null],
    ['t.py::x]', null],
    ['x[1]', null],
  ])('%s is %j', (test, parent) => {
    expect(functionOf(test)).toBe(parent);
  });
});
