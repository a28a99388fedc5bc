import { link, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SelftestConfig } from '../config/selftest-config.ts';
import { detectFlaky } from './detect-flaky.ts';
import { runTests, type TestsRunOptions } from './run-suite.ts';

const green = '<testsuite><testcase name="a"/><testcase name="b"/></testsuite>';
const earlier = 'is from an earlier run: this one did not write it';
// A date that no clock of a file system gives a file that is written now.
const longAgo = new Date('2020-02-03T04:05:06Z');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'earlier-report-'));
  await mkdir(join(dir, '.run'));
  await mkdir(join(dir, 'build'));
  await writeFile(join(dir, 'build/latest.xml'), green);
  await utimes(join(dir, 'build/latest.xml'), longAgo, longAgo);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function suiteOf(script: string, junit: string, rerun?: string) {
  const place = '{run_dir}/j.xml';
  const config = {
    name: 's',
    cwd: dir,
    command: ['sh', '-c', script, place],
    junit,
    ...(rerun === undefined ? {} : { rerun: ['sh', '-c', rerun, place, '{tests}'] }),
  };
  const [suite] = SelftestConfig.parse({ suites: [config] }).suites;
  if (suite === undefined) throw new Error('there is no suite');
  return suite;
}

const run = () => ({ runDir: join(dir, '.run'), signal: new AbortController().signal });

/** `$0` in the script is the place of the report in the directory of the run. */
const report = (script: string, junit = '{run_dir}/j.xml', options: TestsRunOptions = {}) =>
  runTests({ rootDir: dir, env: process.env }, suiteOf(script, junit), run(), options);

async function problemOf(script: string, junit?: string) {
  const { result } = await report(script, junit);
  expect(result.status).toBe('failed');
  return result.failures[0]?.message;
}

describe('[SEC-002] a report of an earlier run', () => {
  it.each([
    ['a copy with its time', 'cp -p build/latest.xml "$0"'],
    ['moved', 'mv build/latest.xml "$0"'],
    ['a symbolic link to it', 'ln -s "$PWD/build/latest.xml" "$0"'],
    ['a hard link to it', 'ln build/latest.xml "$0"'],
  ])('is found out in a new place: %s', async (_how, script) => {
    expect(await problemOf(script)).toBe(`its JUnit report {run_dir}/j.xml ${earlier}`);
  });

  it.each([
    ['moved over what was there', 'mv build/latest.xml report.xml'],
    ['copied over it with its time', 'cp -p build/latest.xml report.xml'],
    ['linked in its place', 'ln -sf build/latest.xml report.xml'],
  ])('is found out in the place of another: %s', async (_how, script) => {
    await writeFile(join(dir, 'report.xml'), green);
    expect(await problemOf(script, 'report.xml')).toBe(`its JUnit report report.xml ${earlier}`);
  });

  it('is found out behind a link that was there before', async () => {
    await symlink('build/latest.xml', join(dir, 'report.xml'));
    expect(await problemOf('true', 'report.xml')).toContain(earlier);
    await link(join(dir, 'build/latest.xml'), join(dir, 'hard.xml'));
    expect(await problemOf('true', 'hard.xml')).toContain(earlier);
  });

  it('is found out in a directory that was not there before', async () => {
    expect(await problemOf('mkdir out && mv build/latest.xml out/', 'out/latest.xml')).toContain(earlier);
  });

  it.each([
    ['in place, with the same content', `printf '%s' '${green}' > report.xml`],
    ['as a new file that is moved there', `printf '%s' '${green}' > new.xml && mv new.xml report.xml`],
    ['through a link', `ln -sf build/new.xml report.xml && printf '%s' '${green}' > report.xml`],
    ['after the old one was removed', `rm -f report.xml && printf '%s' '${green}' > report.xml`],
  ])('is not what a run writes %s', async (_how, script) => {
    await writeFile(join(dir, 'report.xml'), green);
    const { result } = await report(script, 'report.xml');
    expect(result).toMatchObject({ status: 'passed', tests_total: 2 });
  });

  it('leaves nothing beside it that looks for its age', async () => {
    const { result } = await report(
      `ls -A > listed; printf '%s' '${green}' > report.xml; cat listed`,
      'report.xml',
    );
    expect(result.output_excerpt.split('\n').filter((name) => name !== '')).toEqual([
      '.run',
      'build',
      'listed',
    ]);
  });
});

describe('a report that is no file of this run', () => {
  it.each([
    ['a directory', 'mkdir -p "$0"', 'is not a regular file'],
    ['a pipe', 'test -p "$0" || mkfifo "$0"', 'is not a regular file'],
    ['a link to a device', 'ln -sf /dev/zero "$0"', 'is not a regular file'],
    ['a link to itself', 'ln -sf "$0" "$0"', 'is a symlink loop'],
    ['too large', 'truncate -s 300M "$0"', 'more than the 268435456 that are read'],
  ])('fails each time, and is nothing flaky: %s', async (_what, script, problem) => {
    const suite = suiteOf(script, '{run_dir}/j.xml', script);
    const deps = { rootDir: dir, env: process.env };
    const first = await runTests(deps, suite, run(), { list: true });
    const detected = await detectFlaky(
      (...args) => runTests(deps, ...args),
      suite,
      run(),
      first.result,
      () => undefined,
      { tests: first.tests },
    );
    expect(detected.flaky).toEqual([]);
    expect(detected.result).toMatchObject({
      status: 'failed',
      failures: [{ test: 's', message: expect.stringContaining(problem) }],
    });
    expect(detected.result.notes).toBeUndefined();
  });

  it.each(['/dev/stdin', '/proc/self/environ', '/proc/self/status', '/dev/null'])(
    'fails and does not hang: %s',
    async (path) => {
      expect(await problemOf('true', path)).toContain(`its JUnit report ${path} `);
    },
  );

  it('shows nothing of a failing test in a rerun, which runs with the whole suite instead', async () => {
    const state = 'test -e seen && bad="" || bad="<failure/>"; touch seen';
    const all = `${state}; printf '<testsuite><testcase name="a">%s</testcase></testsuite>' "$bad" > "$0"`;
    const deps = { rootDir: dir, env: process.env };
    for (const rerun of ['rm -f "$0"', 'true', 'rm -f "$0"; mkdir -p "$0.d"']) {
      await rm(join(dir, 'seen'), { force: true });
      const suite = suiteOf(all, '{run_dir}/j.xml', rerun);
      const first = await runTests(deps, suite, run(), { list: true });
      const { tests } = first;
      const calls: string[] = [];
      const detected = await detectFlaky(
        (given, at, options) => {
          calls.push(options?.argv?.includes('a') === true ? 'by name' : 'whole');
          return runTests(deps, given, at, options);
        },
        suite,
        run(),
        first.result,
        () => undefined,
        { tests },
      );
      expect(calls).toEqual(['by name', 'whole']);
      expect(detected.result).toMatchObject({
        status: 'passed',
        tests_passed: 1,
        notes: ['a rerun by name left no report that can be used, so the whole suite ran instead'],
      });
    }
  });

  it('is not what a process writes that outlives the command', async () => {
    const script = `printf '%s' '${green}' > "$0"; (sleep 600; printf late > "$0") > /dev/null 2>&1 & true`;
    const { result } = await report(script);
    expect(result).toMatchObject({ status: 'passed', tests_total: 2 });
  });

  it('is refused when it was made larger than what is read, however it is written', async () => {
    await writeFile(join(dir, 'report.xml'), green);
    await truncate(join(dir, 'report.xml'), 300 * 1024 * 1024);
    expect(await problemOf('touch report.xml', 'report.xml')).toContain('more than the 268435456');
  });
});
