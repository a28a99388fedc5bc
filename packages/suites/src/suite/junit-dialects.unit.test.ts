import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJunit } from './junit.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'junit-dialects-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function read(xml: string | Buffer) {
  const path = join(dir, 'report.xml');
  await writeFile(path, xml);
  const outcome = await readJunit(path, 100);
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.report;
}

const suite = (cases: string, attributes = '') => `<testsuite name="s" ${attributes}>${cases}</testsuite>`;

describe('the report of', () => {
  it.each([
    ['jest-junit', [4, 2, 1, 1], ['till counts in colour \u001b[31m'], []],
    ['mocha', [4, 1, 2, 1], ['till pays', 'till drawer "before each" hook for "opens"'], []],
    ['surefire-flaky', [3, 3, 0, 0], [], ['opens', 'locks']],
    ['surefire-rerun', [3, 0, 2, 1], ['pays', 'refunds'], []],
    ['gradle', [4, 2, 1, 1], ['counts(int)[2]'], []],
    ['go-junit-report', [5, 2, 2, 1], ['TestSums/with_a_discount', '[build failed]'], []],
    ['phpunit', [5, 2, 2, 1], ['testSums with data set "two"', 'testRefunds'], []],
    ['nextest', [4, 3, 1, 0], ['tests::sums'], ['tests::prints']],
    ['dotnet', [3, 1, 1, 1], ['Sums(a: 1, b: "two")'], []],
    ['catch2', [2, 1, 1, 0], ['sums/with a discount'], []],
  ])('%s is counted as its runner meant it', async (runner, counts, failed, flaky) => {
    const outcome = await readJunit(join(import.meta.dirname, 'fixtures', `${runner}.xml`), 100);
    if (!outcome.ok) throw new Error(outcome.problem);
    const { report } = outcome;
    expect([report.total, report.passed, report.failed, report.skipped]).toEqual(counts);
    expect(report.failures.map(({ name }) => name)).toEqual(failed);
    expect(report.flaky.map(({ name }) => name)).toEqual(flaky);
    expect(report.cases).toHaveLength(report.total);
  });
});

describe('attempts of a test that its runner repeated', () => {
  const flaky = '<testcase name="a"><flakyFailure message="m">t</flakyFailure></testcase>';

  it('may be counted as failures, and are none', async () => {
    const report = await read(suite(`${flaky}<testcase name="b"/>`, 'tests="2" failures="1"'));
    expect(report).toMatchObject({ total: 2, failed: 0, flaky: [{ name: 'a' }] });
  });

  it('explain no more failures than there are attempts', async () => {
    await expect(read(suite(flaky, 'failures="2"'))).rejects.toThrow('counts 1 failed tests and shows none');
    const elsewhere = `<testsuites>${suite(flaky)}${suite('<testcase name="b"/>', 'errors="1"')}</testsuites>`;
    await expect(read(elsewhere)).rejects.toThrow('counts 1 failed tests and shows none of them');
  });

  it.each(['rerunError', 'rerunFailure'])('are a failure when only a %s is shown', async (element) => {
    const shown = `<${element} message="m">t</${element}>`;
    const report = await read(suite(`<testcase name="a">${shown}</testcase>`));
    expect(report).toMatchObject({ failed: 1, failures: [{ message: 'm', details: 't' }], flaky: [] });
  });
});

describe('a test case', () => {
  it.each([
    ['status="failed"', 'failed'],
    ['status="Failure"', 'failed'],
    ['result="FAIL"', 'failed'],
    ['result="Error"', 'failed'],
    ['status="NotRun"', 'skipped'],
    ['status="skipped"', 'skipped'],
    ['result="Suppressed"', 'skipped'],
    ['result="DISABLED"', 'skipped'],
    ['status="run" result="ignored"', 'skipped'],
    ['status="skipped" result="failed"', 'failed'],
    ['status="run" result="completed"', 'passed'],
  ])('with %s is %s', async (attributes, outcome) => {
    const report = await read(suite(`<testcase ${attributes}/><testcase name="b"/>`));
    expect(report.cases).toEqual([
      { classname: '', name: '', file: '', outcome },
      { classname: '', name: 'b', file: '', outcome: 'passed' },
    ]);
  });
});

describe('what a test has printed', () => {
  it.each([
    ['&#27;[31mred', '\u001b[31mred'],
    ['&#x1b;&#x1B;&#X1B;', '\u001b\u001b\u001b'],
    ['a&#0;b&#x0000;c', 'a\0b\0c'],
    ['&#00027;&#8;', '\u001b\b'],
    ['&#xFFFE;', '\ufffe'],
    ['&#xD83D;&#xDE00;', '😀'],
    ['&#128512;', '😀'],
    ['&#x110000;&#99999999;', '\ufffd\ufffd'],
    ['&#65;&lt;&amp;&quot;', 'A<&"'],
  ])('as %s does not make the report unreadable', async (written, meant) => {
    const failure = `<failure message="${written}">${written}</failure>`;
    const report = await read(suite(`<testcase name="${written}">${failure}</testcase>`));
    expect(report.failures).toMatchObject([{ name: meant, message: meant, details: meant }]);
  });

  it('may also stand there as it is', async () => {
    const report = await read(suite('<testcase name="a\u001b\0b"><failure>c\u0007</failure></testcase>'));
    expect(report.failures).toMatchObject([{ name: 'a\u001b\0b', details: 'c\u0007' }]);
  });
});

describe('a report in another encoding', () => {
  const xml = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>\n${suite('<testcase name="grün"><failure message="日本"/></testcase>')}`;
  const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const little = Buffer.from([0xff, 0xfe]);
  const big = Buffer.from([0xfe, 0xff]);

  it.each([
    [
      'UTF-8 with a byte order mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(xml('utf-8'))]),
    ],
    ['UTF-16 with a mark, low byte first', Buffer.concat([little, Buffer.from(xml('utf-16'), 'utf16le')])],
    ['UTF-16 with a mark, high byte first', Buffer.concat([big, bigEndian(xml('UTF-16'))])],
    ['UTF-16 without a mark, low byte first', Buffer.from(xml('UTF-16LE'), 'utf16le')],
    ['UTF-16 without a mark, high byte first', bigEndian(xml('utf-16be'))],
    ['UTF-8 that says UTF-16', Buffer.from(xml('utf-16'))],
    ['UTF-8 that says something unknown', Buffer.from(xml('x-own'))],
  ])('%s is read', async (_what, bytes) => {
    expect((await read(bytes)).failures).toMatchObject([{ name: 'grün', message: '日本' }]);
  });

  it('is read as it declares itself', async () => {
    const latin = `<?xml version='1.0' encoding='ISO-8859-1'?>${suite('<testcase name="grün"/>')}`;
    expect((await read(Buffer.from(latin, 'latin1'))).cases).toMatchObject([{ name: 'grün' }]);
  });

  it('is read across the places where it is cut into pieces', async () => {
    const many = suite('<testcase name="grün"/>'.repeat(20_000));
    const report = await read(Buffer.concat([little, Buffer.from(many, 'utf16le')]));
    expect(report).toMatchObject({ total: 20_000, passed: 20_000 });
  });
});

describe('a message of some megabytes', () => {
  it('does not make the report unreadable', async () => {
    const message = 'm'.repeat(3_000_000);
    const report = await read(suite(`<testcase name="a"><failure message="${message}"/></testcase>`));
    expect(report.failures).toMatchObject([{ name: 'a', message: 'm'.repeat(1024) }]);
  });
});

describe('a long name', () => {
  it('is the whole name', async () => {
    const name = 'y'.repeat(64 * 1024);
    const report = await read(suite(`<testcase name="${name}"><failure/></testcase>`));
    expect(report.failures).toMatchObject([{ name, cut: false }]);
  });

  it('too long for any command line is cut and says so, and stays another than one that begins alike', async () => {
    const one = (end: string) => `<testcase name="${'y'.repeat(200_000)}${end}"><failure/></testcase>`;
    const { failures } = await read(suite(one('a') + one('b') + one('a')));
    expect(failures.map(({ cut }) => cut)).toEqual([true, true, true]);
    expect(new Set(failures.map(({ name }) => name)).size).toBe(2);
    expect(failures[0]?.name).toMatch(/^y{900}\[199101 more characters, SHA-256 [0-9a-f]{16}\]$/);
  });
});
