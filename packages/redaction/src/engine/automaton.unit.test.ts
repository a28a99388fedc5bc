import { describe, expect, it } from 'vitest';
import { buildAutomaton } from './automaton.ts';

/** The words that end at each place of a text, as an automaton finds them. */
function found(words: readonly string[], text: string): string[] {
  const { start, firstFinal, next, classOf, ends, classes } = buildAutomaton(words);
  let state = start;
  return Array.from(text, (character, at) => {
    const code = character.charCodeAt(0);
    state = next[state + (code < 128 ? (classOf[code] ?? 0) : 0)] ?? 0;
    if (state < firstFinal) return [];
    return (ends[(state - firstFinal) / classes] ?? []).map((word) => `${at}:${words[word]}`);
  })
    .flat()
    .sort();
}

/** The same, found one by one. */
function expected(words: readonly string[], text: string): string[] {
  return words
    .flatMap((word) =>
      Array.from(text, (_, at) => at)
        .filter((at) =>
          text
            .slice(0, at + 1)
            .toLowerCase()
            .endsWith(word),
        )
        .map((at) => `${at}:${word}`),
    )
    .sort();
}

describe('many words', () => {
  it.each([
    [['he', 'she', 'his', 'hers'], 'ushers and she, his'],
    [['a', 'ab', 'abc', 'bc', 'c'], 'abcabxabc'],
    [['aaa', 'aa', 'a'], 'aaaaa'],
    [['token', 'token_', 'access_token'], 'ACCESS_TOKEN=x token Token_'],
    [['abcd', 'bcx', 'cx', 'x'], 'abcx abcd'],
    [['://', '\n---', '-----begin'], 'a://b\n---\n-----BEGIN -----begin'],
    [['key'], 'ke\u212Ay key \u0137ey keykey'],
    [['abab', 'ba'], 'abababab'],
    [['x'], ''],
    [['x', 'xyz'], 'no such word'],
  ])('are found wherever they stand, without regard to case: %j in %j', (words, text) => {
    expect(found(words, text)).toEqual(expected(words, text));
  });

  it('are none of them empty', () => {
    expect(() => buildAutomaton(['a', ''])).toThrow('empty word');
  });
});
