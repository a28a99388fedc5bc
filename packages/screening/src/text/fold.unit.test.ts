import { describe, expect, it } from 'vitest';
import { unit, unitKind } from '../words/letters.ts';
import { isInvisible } from './fold.ts';
import { normalise } from './normalise.ts';

describe('what nobody sees', () => {
  it.each([
    ['a soft hyphen', 0xad, 0xad],
    ['a grapheme joiner', 0x34f, 0x34f],
    ['an Arabic letter mark', 0x61c, 0x61c],
    ['Hangul fillers', 0x115f, 0x1160],
    ['Khmer inherent vowels', 0x17b4, 0x17b5],
    ['Mongolian selectors', 0x180b, 0x180f],
    ['zero-width characters', 0x200b, 0x200f],
    ['turns of direction', 0x202a, 0x202e],
    ['invisible operators', 0x2060, 0x206f],
    ['another Hangul filler', 0x3164, 0x3164],
    ['variation selectors', 0xfe00, 0xfe0f],
    ['a byte order mark', 0xfeff, 0xfeff],
    ['a narrow Hangul filler', 0xffa0, 0xffa0],
    ['annotations', 0xfff9, 0xfffb],
    ['musical beams', 0x1d173, 0x1d17a],
    ['tags and more selectors', 0xe0000, 0xe0fff],
  ])('is %s, and no neighbour', (_name, from, to) => {
    expect([from - 1, from, to, to + 1].map(isInvisible)).toEqual([false, true, true, false]);
  });
});

it('a word of one script stays what it is beside one of another', () =>
  expect(normalise('abc сор ж').text).toBe('abc сор ж'));

describe('scripts without spaces', () => {
  it.each([
    [0x3040, 0x30ff],
    [0x3400, 0x9fff],
    [0xf900, 0xfaff],
  ])('reach from %i to %i', (from, to) => {
    expect([from, to].map(unitKind)).toEqual([unit.unspaced, unit.unspaced]);
    expect([from - 1, to + 1].map(unitKind)).not.toContain(unit.unspaced);
  });
});
