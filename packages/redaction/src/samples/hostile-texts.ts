import type { Rule } from '../engine/rule.ts';

const separators = ['', ' ', '\n', '=', ': "', '.', '-', '/', '://a:'];
// What may stand behind a keyword: near-misses of every class of characters that a pattern reads.
const bodies = ['aB3', '0f9', '=', '\\"', 'a.', 'a-', ' a', '\n a: aGVsbG8gd29ybGQ='];
const runs = [60, 5_000];
// What may follow a header: lines that a reader of keys looks at before it knows that there is none.
const lines = ['', 'a', 'Hash: x', 'Hash:', `12:00 INFO ${'aB3d'.repeat(16)}`, 'a -----END', '| '];

/**
 * Texts that make one rule work as hard as it can: its keywords again and again, with each separator, and in front of long
 * runs that nearly are what it looks for.
 *
 * @param length characters of each text
 */
export function hostileTexts(rule: Rule, length: number): string[] {
  const words = rule.keywords.slice(0, 1).map(asWritten);
  const units = words.flatMap((word) => [
    ...separators.map((separator) => word + separator),
    ...bodies.flatMap((body) => runs.map((run) => `${word}${body.repeat(run / body.length)}! `)),
    `${word}="${'a1'.repeat(20)}`,
    ...(word.endsWith('-----') ? lines : []).flatMap((line) =>
      [1, 12, 400].map((times) => `${word}${`\n${line}`.repeat(times)}\n`),
    ),
  ]);
  const whole = words.flatMap((word) =>
    ['aB3', ' ', '\\n', '"\\', '=@'].map((body) => word + body.repeat(length)),
  );
  return [...units.map((unit) => repeated(unit, length)), ...whole.map((text) => text.slice(0, length))];
}

/** A text of that length which is one part again and again. */
export const repeated = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

// Keywords are in lower case, and of some marks the beginning; the patterns behind them often are not.
const asWritten = (keyword: string): string =>
  upperCase.find((mark) => mark.toLowerCase() === keyword) ??
  upperCase.find((mark) => keyword.length > 5 && mark.toLowerCase().startsWith(keyword)) ??
  keyword;
const upperCase = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'AKIA',
  'ASIA',
  'AIza',
  'eyJ',
  'ZXlK',
  'Q~',
  'SG.',
  'LTAI',
  'AKID',
  'AQVN',
  'YC',
  'SCW',
  'ABSK',
  'SK',
  'EZAK',
  'EAAM',
  'BSA',
  'CG-',
  'API-',
  'AKCp',
  'cmVmd',
  'HRKU-AA',
  'ATATT3',
  'ATBB',
  'PMAK-',
  'NRAK-',
  'A3-',
  'AGE-SECRET-KEY-1',
  'MT',
  'IGQV',
  'EAAA',
  'AAAAAAAAAAAAAAAAAAAAA',
  'GR1348941',
  'ATCTT3xFfG',
  'GOCSPX-',
  'IQoJb3JpZ2lu',
  'eyJrIjoi',
  'sntrys_eyJ',
  'ops_eyJ',
];
