import { describe, expect, it } from 'vitest';
import { createWordSearch } from './word-search.ts';

const search = (words: readonly string[], text: string, accept: (start: number) => boolean): number[] => {
  const search = createWordSearch();
  for (const word of words) search.add(word);
  const told: number[] = [];
  search.each(text, 0, text.length, (start) => {
    told.push(start);
    return accept(start);
  });
  return told.sort((a, b) => a - b);
};
const others = Array.from({ length: 20 }, (_, n) => `another-word-${n}`);

describe.each([
  ['few words', []],
  ['many words', others],
])('a search for %s', (_name, more) => {
  it('finds every place, also across the stretches in which a long text is read', () => {
    const text = 'marten4k2q '.repeat(20_000);
    const places = Array.from({ length: 20_000 }, (_, n) => n * 11);
    expect(search(['marten4k2q', ...more], text, () => true)).toEqual(places);
  });

  it('finds words beyond ASCII, and halves of characters', () => {
    const word = 'm\u00e4rt\u0113n\ud83d-4k2q';
    expect(search([word, ...more], `${'\u4e2d\ud83d'.repeat(40_000)}${word}!`, () => true)).toEqual([80_000]);
  });

  it('[SEC-020] compares a long word of one repeated part only so often, where it may not be taken', () => {
    const word = 'a=b;'.repeat(1_000);
    const text = 'a=b;'.repeat(20_000);
    const told = search([word, ...more], text, () => false);
    expect(told.length).toBeLessThan((32 * text.length) / word.length);
  });

  it('goes on with the next character behind a place of a short word that was refused', () => {
    expect(search(['abababab', ...more], 'abababababab', (start) => start === 2)).toEqual([0, 2]);
  });
});
