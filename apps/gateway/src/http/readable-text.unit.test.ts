import { expect, it } from 'vitest';
import { readableText } from './readable-text.ts';

const text = readableText(20);
const name = readableText(20, { oneLine: true });

it.each(['why not', 'two\nlines\tand a tab', 'ليس الآن', 'за рулём', '👩‍👩‍👧 team'])('takes %j', (given) => {
  expect(text.parse(given)).toBe(given);
});

it.each([
  '\u001b[2Jgone',
  'a\u0000b',
  'a\rb',
  'a\u0085b',
  'a\u2028b',
  'pay \u202e001$',
  '\ud800',
  'x'.repeat(21),
  7,
])('refuses %j', (given) => {
  expect(text.safeParse(given).success).toBe(false);
});

it('trims, and takes a name on one line only', () => {
  expect(name.parse('  buyer 1 ')).toBe('buyer 1');
  expect(name.safeParse('buyer\n1').success).toBe(false);
});
