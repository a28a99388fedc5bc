import { describe, expect, it } from 'vitest';
import { SelftestConfig, type SuiteConfig } from '@actp/suites/config/selftest-config';
import type { TestFailure, TestResult, TestsRun, TestsRunOptions } from '@actp/suites/suite/run-suite';
import type { Before } from './heal-record.ts';
import { verifyByTests } from './verify-by-tests.ts';

const failure = (test: string): TestFailure => ({ test, argument: test, message: 'red', details: '' });
const signal = new AbortController().signal;

/** One run of tests: `a` passed, `-a` failed, `~a` was skipped. */
function ran(words: string, more: Partial<TestsRun['result']> = {}): TestsRun {
  const tests = words.split(' ').map((word): TestResult => {
    const outcome = word.startsWith('-') ? 'failed' : word.startsWith('~') ? 'skipped' : 'passed';
    return { test: word.replace(/^[-~]/, ''), outcome };
  });
  const failures = tests.filter(({ outcome }) => outcome === 'failed').map(({ test }) => failure(test));
  return {
    tests,
    result: {
      name: 's',
      status: failures.length > 0 ? 'failed' : 'passed',
      tests_total: tests.length,
      tests_passed: tests.length - failures.length,
      tests_failed: failures.length,
      tests_skipped: 0,
      failures,
      duration_ms: 1,
      timed_out: false,
      exit_code: failures.length > 0 ? 1 : 0,
      output_excerpt: '',
      ...more,
    },
  };
}

function suite(): SuiteConfig {
  const config = { suites: [{ name: 's', command: ['all'], rerun: ['one', '{tests}'] }] };
  const [one] = SelftestConfig.parse(config).suites;
  if (!one) throw new Error('there is no suite');
  return one;
}

/** Judges with these runs, one after the other; the last one stays. */
async function judge(runs: readonly TestsRun[], over: Partial<Before> = {}) {
  const asked: TestsRunOptions[] = [];
  const runTests = (_suite: SuiteConfig, _run: unknown, options: TestsRunOptions = {}) => {
    const next = runs[asked.length] ?? runs.at(-1);
    asked.push(options);
    if (next === undefined) throw new Error('there is no run');
    return Promise.resolve(next);
  };
  const before = { suite: suite(), failing: [failure('a')], flaky: [], tests: ran('-a b').tests, ...over };
  // Of what was before, only this is looked at.
  const { problem, note } = await verifyByTests(runTests, before as Before, { runDir: '/run', signal });
  return { problem, note, argvs: asked.map(({ argv }) => argv?.join(' ') ?? 'whole'), asked };
}

const [green, whole] = [ran('a'), ran('a b')];

describe('[SEC-008] tests that judge a heal', () => {
  it('are the failing ones, three times in a row, then the whole suite', async () => {
    const { problem, note, argvs, asked } = await judge([green, green, green, whole]);
    expect({ problem, note }).toEqual({ problem: null, note: '' });
    expect(argvs).toEqual(['one a', 'one a', 'one a', 'whole']);
    for (const { env, list } of asked) {
      expect(list).toBe(true);
      expect(env).toEqual({ PYTHONPYCACHEPREFIX: '/run/pycache', PYTHONDONTWRITEBYTECODE: '1' });
    }
  });

  it.each([1, 2, 3])(
    'are not believed when one is red in round %i, and no more of them run',
    async (round) => {
      const runs = [green, green, green, whole].with(round - 1, ran('-a'));
      const { problem, argvs } = await judge(runs);
      expect(problem).toBe(`1 of 1 failing tests do not pass (round ${round} of 3): a`);
      expect(argvs).toHaveLength(round);
    },
  );

  it('must all pass', async () => {
    const failing = [failure('a'), failure('c')];
    const { problem } = await judge([ran('a -c')], { failing });
    expect(problem).toBe('1 of 2 failing tests do not pass (round 1 of 3): c');
  });

  it('that were skipped have not passed', async () => {
    expect((await judge([ran('~a')])).problem).toContain('1 of 1 failing tests do not pass');
  });

  it('that did not end, or are not there any more, are said to be so', async () => {
    const late = await judge([ran('-a', { timed_out: true })]);
    expect(late.problem).toBe('1 of 1 failing tests do not pass (round 1 of 3) (timed out): a');
    const gone = await judge([ran('b')]);
    expect(gone.problem).toBe('1 of 1 failing tests do not pass (round 1 of 3) (not found): a');
    expect(gone.note).not.toBe('');
  });

  it('have lost nothing: a test that is gone or skipped, or a report that is', async () => {
    const after = async (last: TestsRun) => (await judge([green, green, green, last])).problem;
    expect(await after(ran('a'))).toBe('a test is gone: b');
    expect(await after(ran('a ~b'))).toBe('a test is skipped: b');
    expect(await after({ ...whole, tests: null })).toBe('there is no longer a report that names its tests');
  });

  it('need not be compared with a run that named none', async () => {
    expect((await judge([green, green, green, ran('a')], { tests: null })).problem).toBe(null);
    const unnamed = { ...whole, tests: null };
    expect((await judge([green, green, green, unnamed], { tests: null })).problem).toBe(null);
  });

  it('pass as a whole', async () => {
    const red = await judge([green, green, green, ran('a -b')]);
    expect(red.problem).toBe('the whole suite does not pass: b: red');
    const crashed = ran('a b', { status: 'failed', tests_failed: 1, failures: [] });
    expect((await judge([green, green, green, crashed])).problem).toBe('the whole suite does not pass: s: ');
  });

  it('may be red once where they were known to be flaky, and then have to pass, and the whole suite with them', async () => {
    const flaky = { flaky: ['b'] };
    const runs = [green, green, green, ran('a -b')];
    expect((await judge([...runs, ran('b'), whole], flaky)).problem).toBe(null);
    const always = await judge([...runs, ran('-b')], flaky);
    expect(always.problem).toBe('a flaky test now fails every time: b');
    const other = await judge([...runs, ran('b'), ran('-a b')], flaky);
    expect(other.problem).toBe('the whole suite does not pass: a: red');
    const fewer = await judge([...runs, ran('b'), ran('a ~b')], flaky);
    expect(fewer.problem).not.toBe(null);
    for (const { env } of fewer.asked)
      expect(env).toEqual({ PYTHONPYCACHEPREFIX: '/run/pycache', PYTHONDONTWRITEBYTECODE: '1' });
    // More failed than are listed: nobody knows which.
    const many = [...runs.slice(0, 3), ran('a -b', { tests_failed: 2 })];
    expect((await judge(many, flaky)).problem).toBe('the whole suite does not pass: s: ');
  });

  it('have no other name than before, unless it is another at each run', async () => {
    const failing = [failure('t.py::x[1]')];
    const over = { failing, tests: ran('-t.py::x[1] b').tests };
    const now = ran('t.py::x[2] b');
    const round = ran('t.py::x[2]');
    const exchanged = await judge([round, round, round, round, now], over);
    expect(exchanged.problem).toBe('a test is gone: t.py::x[1]');
    const changing = await judge([round, round, round, round, now, ran('t.py::x[3] b')], over);
    expect(changing.problem).toBe(null);
  });
});
