import { describe, expect, it } from 'vitest';
import { redact } from '../redact.ts';
import { beginsToken, isAlphanumeric, startsWord } from './boundary.ts';
import type { Scan } from './rule.ts';

const esc = '\u001B';
const begins = (before: string, placeholderEnd = -1) =>
  beginsToken(before.length, { text: `${before}Q7x`, placeholderEnd } as Scan);
const starts = (before: string) => startsWord(`${before}Q7x`, before.length);

it.each(['0', '9', 'A', 'Z', 'a', 'z', '5', 'M', 'm'])(
  'a letter or a digit of ASCII is one: %s',
  (character) => {
    expect(isAlphanumeric(character.charCodeAt(0))).toBe(true);
  },
);

it.each(['/', ':', '@', '[', '`', '{', '_', '-', ' ', '\u00E4', '\u0661', '\u212A'])(
  'what stands beside them in ASCII, or beyond it, is none: %s',
  (character) => {
    expect(isAlphanumeric(character.charCodeAt(0))).toBe(false);
  },
);

describe('where a word begins', () => {
  it.each([
    ['the beginning of the text', ''],
    ['a blank', 'an '],
    ['a sign', '"'],
    ['a letter beyond ASCII', '\u00E4'],
    ['a line end within JSON', String.raw`one\n`],
    ['a tab within JSON', String.raw`one\t`],
    ['a carriage return within JSON', String.raw`one\r`],
    ['a backspace within JSON', String.raw`one\b`],
    ['a form feed within JSON', String.raw`one\f`],
    ['an escaped sign of an address', 'x%3D'],
    ['one with letters alone', 'x%fa'],
    ['one with digits alone', 'x%20'],
    ['one that the text begins with', '%AF'],
    ['one at the edges of the digits', '%09'],
    ['an escaped quote', String.raw`x\u0022`],
    ['an escape that the text begins with', String.raw`\u0022`],
    ['an escape of letters', String.raw`x\uabCD`],
    ['an escape at the edges of the digits', String.raw`x\u09aF`],
    ['an escape at the other edges', String.raw`x\uAf0f`],
    ['a colour', `x${esc}[31m`],
    ['a colour that the text begins with', `${esc}[31m`],
    ['no colour any more', `${esc}[m`],
    ['a colour of the 256', `${esc}[38;5;214m`],
  ])('is behind %s', (_what, before) => {
    expect(starts(before)).toBe(true);
    expect(begins(before)).toBe(true);
  });

  it.each([
    ['a letter', 'on'],
    ['a letter alone', 'a'],
    ['a digit', ' 9'],
    ['two letters that end no escape', 'fa'],
    ['another letter behind a backslash', String.raw`one\x`],
    ['a letter like those behind no backslash', 'one/n'],
    ['two hexadecimal digits without a percent sign', 'x3D'],
    ['a percent sign in front of no such digits', 'x%gD'],
    ['a percent sign in front of one', 'x%3G'],
    ['a percent sign in front of one and an m', 'x%3m'],
    ['a percent sign in front of what follows the digits', 'x%:D'],
    ['a percent sign in front of what precedes them', 'x%/D'],
    ['a percent sign in front of what follows the letters', 'x%GA'],
    ['a percent sign that is too far away', 'x%3DA'],
    ['four digits behind another letter', String.raw`x\w0022`],
    ['four digits without a backslash', 'xxu0022'],
    ['three digits behind a letter that is none', String.raw`x\ug022`],
    ['a digit that is none among four', String.raw`x\u0g22`],
    ['more than four digits', String.raw`x\u00221`],
    ['the end of a colour without its beginning', '[31m'],
    ['an m', 'from'],
    ['an m far behind a colour', `${esc}[31m the form`],
    ['a letter behind a colour', `${esc}[31mA`],
  ])('is not behind %s', (_what, before) => {
    expect(starts(before)).toBe(false);
    expect(begins(before)).toBe(false);
  });

  it('is, for a token, not in the middle of base64 nor behind what was redacted', () => {
    expect(begins('ab+')).toBe(false);
    expect(starts('ab+')).toBe(true);
    expect(begins('[redacted]', 10)).toBe(false);
    expect(begins('[redacted] ', 10)).toBe(true);
    expect(begins('', 0)).toBe(true);
  });
});

describe('a token', () => {
  const token = ['ghp', `${'A1b2'.repeat(9)}`].join('_');
  it.each(['', '"', String.raw`x\n`, 'x%3D', String.raw`x\u0022`, `x${esc}[31m`, '/', '=', '_'])(
    'is found behind %j',
    (before) => {
      expect(redact(before + token)).toMatch(/\[redacted:github-pat:\w{6}\]$/);
    },
  );

  it.each(['x', '7', 'from', '+', '[redacted:token:0a1b2c]'])('is not found behind %j', (before) => {
    expect(redact(before + token)).toBe(before + token);
  });
});
