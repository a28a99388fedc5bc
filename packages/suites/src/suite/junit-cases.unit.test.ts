import sax from 'sax';
import { describe, expect, it } from 'vitest';
import { createJunitCases, type JunitCaps } from './junit-cases.ts';

const wide: JunitCaps = { failures: 10, cases: 10, caseText: 1_000, name: 100, message: 100, details: 100 };

/** What is counted in a `<testsuites>` with this inside. */
function reportOf(xml: string, caps: Partial<JunitCaps> = {}, attributes = '') {
  const cases = createJunitCases({ ...wide, ...caps });
  const parser = sax.parser(true);
  parser.onopentag = (tag) => {
    // Without the xmlns option every attribute is a plain string.
    cases.open(tag as sax.Tag);
  };
  parser.ontext = cases.text;
  parser.onclosetag = cases.close;
  parser.write(`<testsuites ${attributes}>${xml}</testsuites>`).close();
  return cases.report();
}
const test = (name: string, inside = '') => `<testcase name="${name}">${inside}</testcase>`;
const names = (listed: ReadonlyArray<{ name: string }>) => listed.map(({ name }) => name);

describe('what is kept of a report', () => {
  it('is no more than so many tests, and all are counted', () => {
    const red = '<failure/>';
    const flaky = '<flakyFailure/>';
    const tests = test('a', red) + test('b', flaky) + test('c', red) + test('d', flaky) + test('e');
    const report = reportOf(tests, { failures: 1, cases: 4 });
    expect(report).toMatchObject({ total: 5, passed: 3, failed: 2, skipped: 0 });
    expect(names(report.failures)).toEqual(['a']);
    expect(names(report.flaky)).toEqual(['b']);
    expect(names(report.cases)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is no more than so much text of names, of all three kinds', () => {
    const full = '<testcase classname="cc" name="nn" file="ff"/>';
    expect(reportOf(full + test('a') + test('b'), { caseText: 7 }).cases).toEqual([
      { classname: 'cc', name: 'nn', file: 'ff', outcome: 'passed' },
      { classname: '', name: 'a', file: '', outcome: 'passed' },
    ]);
  });

  it('is the beginning of each text, also of one in pieces', () => {
    const inside = '<failure message="message">det<b>ail</b>s</failure>';
    expect(reportOf(test('a', inside), { message: 4, details: 5 }).failures).toEqual([
      { classname: '', name: 'a', file: '', message: 'mess', details: 'detai', cut: false },
    ]);
  });
});

describe('what a test case holds', () => {
  it.each([
    ['a failure in what it printed', '<system-out><failure/></system-out>', 'passed'],
    ['an error in what it printed', '<system-out><error/></system-out>', 'passed'],
    ['a skip in what it printed', '<system-out><skipped/></system-out>', 'passed'],
    ['a repeated failure in what it printed', '<system-out><rerunFailure/></system-out>', 'passed'],
    ['an unknown element', '<properties/>', 'passed'],
    ['a skip', '<skipped/>', 'skipped'],
    ['a skip and a failure', '<skipped/><failure/>', 'failed'],
    ['an error', '<error/>', 'failed'],
  ])('%s: %s makes it %s', (_what, inside, outcome) => {
    expect(reportOf(test('a', inside) + test('b')).cases).toMatchObject([{ outcome }, { outcome: 'passed' }]);
  });

  it.each([
    ['the message', '<failure message="m" type="t"/>', 'm', ''],
    ['the type where there is no message', '<failure type="t"/>', 't', ''],
    [
      'the first of several',
      '<failure message="m">one</failure><error message="n">two</error>',
      'm',
      'onetwo',
    ],
    ['the failure, not its repeats', '<failure message="m"/><rerunFailure message="n"/>', 'm', ''],
    ['one in another', '<failure message="m">a<error message="n">b</error>c</failure>', 'm', 'abc'],
    ['a repeat in it', '<failure message="m">a<rerunError message="n">b</rerunError>c</failure>', 'm', 'abc'],
    ['no other text', 'x<failure>a</failure>y<system-out>z</system-out>', '', 'a'],
  ])('shows %s', (_what, inside, message, details) => {
    expect(reportOf(test('a', inside)).failures).toMatchObject([{ name: 'a', message, details }]);
  });

  it('is no part of the next one', () => {
    const report = reportOf(test('a', '<failure message="m">d</failure>') + test('b', '<failure/>'));
    expect(report.failures).toMatchObject([
      { name: 'a', message: 'm', details: 'd' },
      { name: 'b', message: '', details: '' },
    ]);
  });

  it('is flaky with a failed attempt of its own alone, and when it passed', () => {
    const attempt = '<flakyError/>';
    const inside = `<system-out>${attempt}</system-out>`;
    const report = reportOf(test('a', inside) + test('b', `${attempt}<failure/>`) + test('c', attempt));
    expect(report.flaky).toEqual([{ classname: '', name: 'c', file: '', outcome: 'passed' }]);
  });
});

describe('a failure outside of all tests', () => {
  it.each(['failure', 'rerunError'])('is one with all that stands in it: %s', (element) => {
    const inner = `<${element} message="n">b</${element}>`;
    const report = reportOf(`<error message="m">a${inner}c</error>${test('t')}`);
    expect(report.failures).toMatchObject([{ message: 'm', details: 'abc' }]);
  });

  it('counts as a failed test, and the tests after it as what they are', () => {
    const xml = '<testsuite><error name="set-up" message="m">d</error><testcase name="a"/></testsuite>';
    const report = reportOf(xml + test('b'));
    expect(report).toMatchObject({ total: 3, passed: 2, failed: 1 });
    expect(report.failures).toMatchObject([{ name: 'set-up', message: 'm', details: 'd' }]);
  });
});

describe('failures that a suite counts', () => {
  const suite = (attributes: string, inside = '') => `<testsuite ${attributes}>${inside}</testsuite>`;
  const counts = (failed: number) => `counts ${failed} failed tests and shows none of them`;

  it.each([
    ['failures and errors', suite('failures="2" errors="1"'), 3],
    ['no negative failures', suite('failures="-1" errors="2"'), 2],
    ['no negative errors', suite('failures="2" errors="-1"'), 2],
    ['no words', suite('failures="x" errors="1"'), 1],
    ['the most of several suites', suite('errors="1"') + suite('failures="3"') + suite('errors="2"'), 3],
    ['those around others', suite('failures="2"', suite('failures="1"')), 2],
    ['more than the attempts in it', suite('failures="3"', test('f', '<flakyFailure/>')), 2],
    ['the attempts in itself alone', suite('', test('f', '<flakyFailure/>')) + suite('errors="1"'), 1],
  ])('and does not show are a contradiction: %s', (_what, xml, failed) => {
    expect(() => reportOf(xml + test('a'))).toThrow(counts(failed));
  });

  it('may be counted by the whole report', () => {
    expect(() => reportOf(test('a'), {}, 'failures="2"')).toThrow(counts(2));
  });

  it.each([
    ['it shows one of them', suite('failures="3"', test('b', '<failure/>'))],
    ['it counts none', suite('failures="0" errors="0"', test('b'))],
    ['they are attempts', suite('failures="1"', test('b', '<flakyFailure/>'))],
    ['the report has failed anyhow', suite('failures="1"') + test('b', '<failure/>')],
  ])('are none when %s', (_what, xml) => {
    expect(reportOf(xml + test('a')).total).toBe(2);
  });
});

describe('the depth of a report', () => {
  const nested = (suites: number) =>
    `${'<testsuite>'.repeat(suites)}${test('a')}${'</testsuite>'.repeat(suites)}`;

  it('has a limit far beyond what runners nest', () => {
    expect(reportOf(nested(98)).total).toBe(1);
    expect(() => reportOf(nested(99))).toThrow('is nested deeper than 100 elements');
    expect(reportOf(nested(90).repeat(3)).total).toBe(3);
  });
});
