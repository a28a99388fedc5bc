import { describe, expect, it } from 'vitest';
import { SelftestConfig } from '../config/selftest-config.ts';
import { failure, runOf } from './made-run.fixture.ts';
import { createReruns } from './rerun-failing.ts';
import type { TestsRun, TestsRunOptions } from './run-suite.ts';

const noReport = (exit_code: number) =>
  runOf([], { exit_code }, { tests: null, unusable: true, unreported: true });

/** Reruns of a suite of which a run by name gives the one, and a run of the whole suite the other. */
function rerunsOf(
  named: TestsRun,
  whole: TestsRun,
  { byName = true, signal = new AbortController().signal } = {},
) {
  const rerun = byName ? { rerun: ['one', '{tests}'] } : {};
  const [suite] = SelftestConfig.parse({ suites: [{ name: 's', command: ['all'], ...rerun }] }).suites;
  if (suite === undefined) throw new Error('there is no suite');
  const runs: TestsRunOptions[] = [];
  const reruns = createReruns(
    async (_suite, _run, options = {}) => {
      runs.push(options);
      return options.argv?.[0] === 'one' ? named : whole;
    },
    suite,
    { runDir: '/run', signal },
    { SEED: '7' },
  );
  const run = async (...names: string[]) => {
    const { passed, again, whole: isWhole } = await reruns.run(names.map(failure));
    return { passed: passed.map(({ test }) => test), again, whole: isWhole };
  };
  return { ...reruns, reruns, run, runs, commands: () => runs.map(({ argv }) => argv?.join(' ')) };
}

const notFound = (names: string) => [`not found by name, so the whole suite ran instead: ${names}`];

describe('[SEC-006] a rerun of failed tests', () => {
  it('is of those alone where their names are found', async () => {
    const named = runOf(['a', '-b']);
    const { run, runs, notes } = rerunsOf(named, runOf([]));
    expect(await run('a', 'b')).toEqual({ passed: ['a'], again: named, whole: false });
    expect(runs).toEqual([{ argv: ['one', 'a', 'b'], env: { SEED: '7' }, list: true }]);
    expect(notes()).toEqual([]);
  });

  it('is of the whole suite, for good, where a name is not found but the test is there', async () => {
    const whole = runOf(['a', 'b']);
    const { run, runs, commands, isGone, notes } = rerunsOf(runOf(['b']), whole);
    expect(await run('a', 'b')).toEqual({ passed: ['a', 'b'], again: whole, whole: true });
    expect(runs[1]).toEqual({ argv: ['all'], env: { SEED: '7' }, list: true });
    expect(await run('a', 'b')).toMatchObject({ whole: true });
    expect(await run('b')).toMatchObject({ whole: false });
    expect(commands()).toEqual(['one a b', 'all', 'all', 'one b']);
    expect(isGone(failure('a'))).toBe(false);
    expect(notes()).toEqual(notFound('a'));
  });

  it('goes without a test that the whole suite does not have either', async () => {
    const { run, commands, isGone } = rerunsOf(runOf(['-b']), runOf(['-b']));
    await run('a', 'b');
    expect([isGone(failure('a')), isGone(failure('b'))]).toEqual([true, false]);
    expect(await run('a', 'b')).toMatchObject({ passed: [], whole: false });
    expect(commands()).toEqual(['one a b', 'all', 'one b']);
  });

  it('does not let a test pass that failed by its name', async () => {
    const { run } = rerunsOf(runOf(['-b']), runOf(['a', 'b']));
    expect(await run('a', 'b')).toMatchObject({ passed: ['a'], whole: true });
  });

  it('by name does not judge what only the whole suite can show', async () => {
    const hook = 'x "before each" hook';
    const { run, commands } = rerunsOf(runOf(['a']), runOf(['a', 'b']));
    expect(await run('a', hook)).toMatchObject({ passed: ['a', hook], whole: true });
    expect(commands()).toEqual([`one a ${hook}`, 'all']);
  });

  it('is of the whole suite, without a note, where there is no command for single tests', async () => {
    const { run, reruns, commands, notes } = rerunsOf(runOf([]), runOf(['a']), { byName: false });
    expect(await run('a')).toMatchObject({ passed: ['a'], whole: true });
    await reruns.run([{ ...failure('c.-x'), argument: null }]);
    expect(commands()).toEqual(['all', 'all']);
    expect(notes()).toEqual([]);
  });

  it('that took too long, or was stopped, is followed by none of the whole suite', async () => {
    const late = rerunsOf(runOf(['b'], { timed_out: true }), runOf(['a', 'b']));
    expect(await late.run('a', 'b')).toMatchObject({ passed: ['b'], whole: false });
    const stopped = rerunsOf(runOf(['b']), runOf(['a', 'b']), { signal: AbortSignal.abort() });
    expect(await stopped.run('a', 'b')).toMatchObject({ passed: ['b'], whole: false });
    expect([...late.commands(), ...stopped.commands()]).toEqual(['one a b', 'one a b']);
  });

  it('is not tried by name again once that ended well without a report', async () => {
    const { run, commands, notes } = rerunsOf(noReport(0), runOf(['a']));
    expect(await run('a')).toMatchObject({ passed: ['a'], whole: true });
    await run('a');
    expect(commands()).toEqual(['one a', 'all', 'all']);
    expect(notes()).toEqual([
      'a rerun by name left no report that can be used, so the whole suite ran instead',
    ]);
  });

  it('by name that ended badly without a report has not found the name', async () => {
    const { run, notes } = rerunsOf(noReport(4), runOf(['a']));
    expect(await run('a')).toMatchObject({ passed: ['a'], whole: true });
    expect(notes()).toEqual(notFound('a'));
  });
});

describe('the names that a runner did not take', () => {
  const pytest = 'ERROR: not found: /srv/t.py::b  \n(no name in <t.py>)\nt.py::a';
  it.each([
    [
      'are all when it ran none, names none, and the whole suite has all',
      '',
      ['t.py::a', 't.py::b'],
      't.py::a, t.py::b',
    ],
    ['are those that it names when it ran none', pytest, ['t.py::a', 't.py::b'], 't.py::b'],
    ['are those that it names in other words', 'No match for t.py::b', ['t.py::a', 't.py::b'], 't.py::b'],
    ['are no others that it mentions', 'collected t.py::b', ['t.py::a', 't.py::b'], 't.py::a, t.py::b'],
    ['are no longer words', 'unnot found: t.py::b', ['t.py::a', 't.py::b'], 't.py::a, t.py::b'],
    ['are those that the whole suite does not have', '', ['t.py::a'], 't.py::b'],
    [
      'are those that it names, and those that the whole suite does not have',
      pytest,
      ['t.py::b'],
      't.py::a, t.py::b',
    ],
    ['are none that stand for a file of tests', '', ['t.py::a::x'], 't.py::b'],
  ])('%s', async (_what, output_excerpt, whole, names) => {
    const { run, notes } = rerunsOf(runOf([], { output_excerpt, exit_code: 4 }), runOf(whole));
    await run('t.py::a', 't.py::b');
    expect(notes()).toEqual(notFound(names));
  });

  it('are those that it did not run when it ran others, whatever it says', async () => {
    const named = runOf(['-t.py::a'], { output_excerpt: 'not found: t.py::c' });
    const { run, notes } = rerunsOf(named, runOf(['-t.py::a', 't.py::b', 't.py::c']));
    await run('t.py::a', 't.py::b', 't.py::c');
    expect(notes()).toEqual(notFound('t.py::b, t.py::c'));
  });

  it('are all when the whole suite does not list its tests', async () => {
    const named = runOf([], { output_excerpt: pytest, exit_code: 4 });
    const { run, notes } = rerunsOf(named, runOf([], {}, { tests: null }));
    await run('t.py::a', 't.py::b');
    expect(notes()).toEqual(notFound('t.py::a, t.py::b'));
  });
});
