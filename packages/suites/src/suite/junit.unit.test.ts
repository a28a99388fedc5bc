import { appendFileSync, renameSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJunit } from './junit.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'junit-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function read(xml: string | Buffer) {
  const path = join(dir, 'report.xml');
  await writeFile(path, xml);
  return readJunit(path);
}

async function reportOf(xml: string | Buffer) {
  const outcome = await read(xml);
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.report;
}

const fixture = (name: string) => readJunit(join(import.meta.dirname, 'fixtures', name));
const suite = (cases: string) => `<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`;

describe('a JUnit report', () => {
  it('of pytest is counted: failures, errors of fixtures, skips and expected failures', async () => {
    const outcome = await fixture('pytest.xml');
    expect(outcome).toMatchObject({ ok: true, report: { total: 13, passed: 2, failed: 9, skipped: 2 } });
    if (!outcome.ok) return;
    expect(outcome.report.failures[1]).toMatchObject({
      classname: 'tests.test_x.TestC',
      name: 'test_y',
      message: expect.stringContaining('assert 1 == 2'),
      details: expect.stringContaining('def test_y(self)'),
    });
    const errors = outcome.report.failures.map(({ name, message }) => `${name}: ${message.split('"')[0]}`);
    expect(errors).toContain('test_err: failed on setup with ');
    expect(errors).toContain('test_td: failed on teardown with ');
  });

  it('of vitest is counted: failures, hooks, files that do not load, errors outside of any test', async () => {
    const outcome = await fixture('vitest.xml');
    expect(outcome).toMatchObject({ ok: true, report: { total: 10, passed: 2, failed: 5, skipped: 3 } });
    if (!outcome.ok) return;
    expect(outcome.report.failures.map(({ classname, name }) => [classname, name])).toEqual([
      ['src/a.unit.test.ts', 'outer > x > inner > [SEC-001] adds <one> & "two" (a+b)'],
      ['src/a.unit.test.ts', 'top'],
      ['src/b.unit.test.ts', 'src/b.unit.test.ts'],
      ['src/c.unit.test.ts', 'g'],
      ['vitest unhandled errors', 'Uncaught Exception: late'],
    ]);
  });

  it('is counted from its tests, not from its own sums', async () => {
    const xml =
      '<testsuite tests="99" failures="0" errors="0"><testcase name="a"><failure/></testcase><testcase name="b"/></testsuite>';
    expect(await reportOf(xml)).toMatchObject({ total: 2, passed: 1, failed: 1, skipped: 0 });
  });

  it('that counts failures and shows none is not believed', async () => {
    const xml = '<testsuite tests="3" failures="2"><testcase name="a"/></testsuite>';
    expect(await read(xml)).toEqual({ ok: false, problem: 'counts 2 failed tests and shows none of them' });
  });

  it('may nest its suites, leave out times, use CDATA and say "failed" in an attribute', async () => {
    const xml = `<?xml version="1.0"?><!-- by hand --><testsuites><testsuite><testsuite>
      <testcase name="a"><failure message="m"><![CDATA[<b> & ]]>more</failure></testcase></testsuite>
      <testcase name="b" status="failed"/><testcase name="c" status="notrun"/>
      <testcase name="d"><skipped/><system-out>x</system-out></testcase><testcase name="e"/></testsuite></testsuites>`;
    const report = await reportOf(xml);
    expect(report).toMatchObject({ total: 5, passed: 1, failed: 2, skipped: 2 });
    expect(report.failures[0]).toMatchObject({ message: 'm', details: '<b> & more' });
  });

  it('with an error that belongs to a suite and to no test is a failure', async () => {
    const xml = suite('<error message="set-up failed">trace</error><testcase name="a"/>');
    expect(await reportOf(xml)).toMatchObject({
      total: 2,
      failed: 1,
      failures: [{ message: 'set-up failed', details: 'trace' }],
    });
  });

  it('with two failures of one test counts one test', async () => {
    const xml = suite('<testcase name="a"><failure message="one"/><error message="two"/></testcase>');
    expect(await reportOf(xml)).toMatchObject({ total: 1, failed: 1, failures: [{ message: 'one' }] });
  });

  it('of bytes that are no UTF-8 is readable all the same', async () => {
    const xml = Buffer.from(suite('<testcase name="a"><failure message="caf\xe9"/></testcase>'), 'latin1');
    expect((await reportOf(xml)).failures[0]?.message).toBe('caf\ufffd');
  });

  it('keeps of each failure and of all failures only what somebody reads', async () => {
    const one = (n: number) =>
      `<testcase name="t${n}"><failure message="${'m'.repeat(200_000)}">${'d'.repeat(200_000)}</failure></testcase>`;
    const report = await reportOf(suite(Array.from({ length: 20 }, (_, n) => one(n)).join('')));
    expect(report.failures[19]).toMatchObject({ message: 'm'.repeat(1024), details: 'd'.repeat(8192) });
    const many = await reportOf(suite('<testcase name="a"><failure/></testcase>'.repeat(5_000)));
    expect(many).toMatchObject({ failed: 5_000 });
    expect(many.failures).toHaveLength(200);
  });
});

describe('a JUnit report that cannot be trusted', () => {
  const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>';
  it.each([
    ['is empty', '', 'names no test: nothing was tested'],
    ['has no test', '<testsuites/>', 'names no test: nothing was tested'],
    [
      'skipped all of its tests',
      suite('<testcase name="a"><skipped/></testcase>'),
      'skipped each of its 1 tests: nothing was tested',
    ],
    [
      'is a web page',
      '<html><body/></html>',
      'is not a JUnit report: its root is neither <testsuites> nor <testsuite>',
    ],
    [
      'declares entities',
      `${laughs}${suite('<testcase name="&b;"/>')}`,
      'has a document type declaration, which no JUnit report needs',
    ],
    [
      'asks for a file',
      `<!DOCTYPE x SYSTEM "file:///etc/passwd">${suite('<testcase name="a"/>')}`,
      'has a document type declaration, which no JUnit report needs',
    ],
    [
      'uses an unknown entity',
      suite('<testcase name="&b;"/>'),
      'is not well-formed XML, or cut off: line 1: Invalid character entity',
    ],
    [
      'is cut off',
      '<testsuites>\n<testsuite><testcase name="a"/>',
      'is not well-formed XML, or cut off: line 2: Unclosed root tag',
    ],
    [
      'is cut off in its last tag',
      suite('<testcase name="a"/>').slice(0, -1),
      'is not well-formed XML, or cut off: line 1: Unclosed root tag',
    ],
    [
      'goes on after its end',
      `${suite('<testcase name="a"/>')}<testsuites/>`,
      'has more than one root element',
    ],
    [
      'has text after its end',
      `${suite('<testcase name="a"/>')}oops`,
      'is not well-formed XML, or cut off: line 1: Text data outside of root node.',
    ],
    [
      'closes what it did not open',
      '<testsuite><testcase name="a"></testsuite></testcase>',
      'is not well-formed XML, or cut off: line 1: Unexpected close tag',
    ],
    [
      'nests tests',
      suite('<testcase name="a"><testcase name="b"/></testcase>'),
      'has a test case inside of a test case',
    ],
    ['is nested without end', `<testsuite>${'<a>'.repeat(100_000)}`, 'is nested deeper than 100 elements'],
    [
      'has a million attributes',
      `<testsuite ${Array.from({ length: 100_000 }, (_, n) => `a${n}=""`).join(' ')}/>`,
      'has more than 100 attributes in one element',
    ],
    [
      'is not XML',
      'All tests passed!',
      'is not well-formed XML, or cut off: line 1: Non-whitespace before first tag.',
    ],
  ])('because it %s is a problem, never a success', async (_why, xml, problem) => {
    expect(await read(xml)).toEqual({ ok: false, problem });
  });

  it('because there is none, or a directory, says so', async () => {
    expect(await readJunit(join(dir, 'none.xml'))).toEqual({ ok: false, problem: 'does not exist' });
    expect(await readJunit(dir)).toEqual({ ok: false, problem: 'is not a regular file' });
  });

  it('because it grows while it is read is no report yet', async () => {
    const path = join(dir, 'growing.xml');
    await writeFile(path, suite('<testcase name="a"/>'));
    const outcome = await readJunit(path, 0, () => {
      appendFileSync(path, '\n');
      return null;
    });
    expect(outcome).toEqual({ ok: false, problem: 'was written to while it was read' });
  });

  it('is the file that was judged, also when another takes its place', async () => {
    const [path, other] = [join(dir, 'judged.xml'), join(dir, 'other.xml')];
    await writeFile(path, suite('<testcase name="a"><failure/></testcase>'));
    await writeFile(other, suite('<testcase name="a"/>'));
    const outcome = await readJunit(path, 0, () => {
      renameSync(other, path);
      return null;
    });
    expect(outcome).toMatchObject({ ok: true, report: { failed: 1 } });
    expect(await readJunit(path, 0, () => 'is refused')).toEqual({ ok: false, problem: 'is refused' });
  });

  it('because of a document type of many megabytes takes no memory for it', async () => {
    expect(await read(`<!DOCTYPE x [${'a'.repeat(5_000_000)}`)).toMatchObject({ ok: false });
  });

  it('whatever is cut out of a good one, it is either counted fully or refused', async () => {
    const good = suite('<testcase name="a"/><testcase name="b"><failure message="m">d</failure></testcase>');
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length), async (length) => {
        const outcome = await read(good.slice(0, length));
        if (length < good.length) expect(outcome.ok).toBe(false);
        else expect(outcome).toMatchObject({ ok: true, report: { total: 2, failed: 1 } });
      }),
      { numRuns: 60 },
    );
  });
});
