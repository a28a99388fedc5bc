import { describe, expect, it } from 'vitest';
import { escapeAt } from './escapes.ts';

const odd = true;

describe('escapes', () => {
  it.each([
    ['&#105;', { codePoint: 105, length: 6, odd }],
    ['&#105', { codePoint: 105, length: 5, odd }],
    ['&#x49;', { codePoint: 0x49, length: 6, odd }],
    ['&#X7a;', { codePoint: 0x7a, length: 6, odd }],
    ['&#65;', { codePoint: 65, length: 5, odd }],
    ['&#90;', { codePoint: 90, length: 5, odd }],
    ['&#97;', { codePoint: 97, length: 5, odd }],
    ['&#122;', { codePoint: 122, length: 6, odd }],
    ['&#64;', { codePoint: 64, length: 5, odd: false }],
    ['&#91;', { codePoint: 91, length: 5, odd: false }],
    ['&#96;', { codePoint: 96, length: 5, odd: false }],
    ['&#123;', { codePoint: 123, length: 6, odd: false }],
    ['&#1114111;', { codePoint: 0x10ffff, length: 10, odd: false }],
    ['&#1114112;', undefined],
    ['&;', undefined],
    ['&nosuch;', undefined],
    ['%41', { codePoint: 65, length: 3, odd }],
    ['%2541', { codePoint: 65, length: 5, odd }],
    ['%252525256A', { codePoint: 0x6a, length: 11, odd }],
    ['%0a', { codePoint: 10, length: 3, odd: false }],
    ['%7f', { codePoint: 127, length: 3, odd: false }],
    ['%80', undefined],
    ['%4', undefined],
    ['% 41', undefined],
    [String.raw`\u0041`, { codePoint: 65, length: 6, odd }],
    [String.raw`\u{1F600}`, { codePoint: 0x1f600, length: 9, odd: false }],
    [String.raw`\u{41}`, { codePoint: 65, length: 6, odd }],
    [String.raw`\x4A`, { codePoint: 0x4a, length: 4, odd }],
    [String.raw`\n`, { codePoint: 10, length: 2, odd: false }],
    [String.raw`\r`, { codePoint: 10, length: 2, odd: false }],
    [String.raw`\t`, { codePoint: 10, length: 2, odd: false }],
    [String.raw`\q`, undefined],
    [String.raw`\u{110000}`, undefined],
    ['a', undefined],
  ] as const)('%s', (text, escape) => {
    expect(escapeAt(text, 0)).toEqual(escape);
    expect(escapeAt(`x${text}`, 1)).toEqual(escape);
    expect(escapeAt(`x${text}`, 0)).toBeUndefined();
  });

  it.each(
    Object.entries({
      amp: '&',
      lt: '<',
      gt: '>',
      quot: '"',
      apos: "'",
      nbsp: ' ',
      sol: '/',
      lowbar: '_',
      period: '.',
      comma: ',',
      colon: ':',
      semi: ';',
      excl: '!',
      NewLine: '\n',
      Tab: '\t',
      lpar: '(',
      rpar: ')',
      dollar: '$',
      grave: '`',
      zwnj: '\u200c',
      zwj: '\u200d',
      shy: '\u00ad',
    }),
  )('&%s;', (name, letter) =>
    expect(escapeAt(`&${name};`, 0)).toEqual({
      codePoint: letter.codePointAt(0),
      length: name.length + 2,
      odd: false,
    }),
  );
});
