import { describe, expect, it } from 'vitest';
import type { SuiteResult, TestFailure } from './run-suite.ts';
import { confirmedBy, replacedBy } from './whole-suite.ts';

const failure = (test: string, message = ''): TestFailure => ({ test, argument: test, message, details: '' });
const resultOf = (failures: TestFailure[], duration_ms: number): SuiteResult => ({
  name: 's',
  status: failures.length > 0 ? 'failed' : 'passed',
  tests_total: 5,
  tests_passed: 5 - failures.length,
  tests_failed: failures.length,
  tests_skipped: 0,
  failures,
  duration_ms,
  timed_out: false,
  exit_code: 0,
  output_excerpt: '',
});
const first = resultOf([failure('a')], 10);
const why = 'the failed tests passed on their own, but the whole suite, run once more, did not pass';

describe('a run of the whole suite after the failed tests have passed', () => {
  const green = resultOf([], 3);
  const red = resultOf([failure('b')], 3);

  it('that is green and lacks nothing is the result, with the time of both', () => {
    expect(confirmedBy(first, { result: green, tests: null }, null, [])).toEqual({
      ...green,
      duration_ms: 13,
    });
    const { notes } = confirmedBy(first, { result: green, tests: null }, null, ['n']);
    expect(notes).toEqual(['n']);
  });

  it('that is red is the result, and says that the tests passed on their own', () => {
    expect(confirmedBy(first, { result: red, tests: null }, null, ['n'])).toEqual({
      ...red,
      duration_ms: 13,
      notes: ['n', why],
    });
  });

  it('that lacks a test has one more failure, named after the suite', () => {
    expect(confirmedBy(first, { result: green, tests: null }, 'a test is gone: c', [])).toEqual({
      ...green,
      status: 'failed',
      tests_total: 6,
      tests_failed: 1,
      failures: [{ test: 's', argument: null, message: 'a test is gone: c', details: '' }],
      duration_ms: 13,
      notes: [why],
    });
  });
});

describe('a run of the whole suite in the place of one that crashed', () => {
  it('is the result, with the time of both, and says how the first one ended', () => {
    const crashed = resultOf([failure('a', 'expected 1'), failure('s', 'was killed by SIGSEGV')], 10);
    const later = resultOf([failure('b')], 3);
    expect(replacedBy(crashed, { result: later, tests: [] }, ['n'])).toEqual({
      ...later,
      duration_ms: 13,
      notes: ['n', 'the first run was killed by SIGSEGV'],
    });
  });
});
