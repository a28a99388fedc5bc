import { describe, expect, it } from 'vitest';
import { mentionFactor } from './mention.ts';
import { screen } from './screen.ts';

/** Of what stands between ⟦ and ⟧. */
function factorOf(marked: string): number {
  const from = marked.indexOf('⟦');
  return mentionFactor(marked.replaceAll(/[⟦⟧]/g, ''), from, marked.indexOf('⟧') - 1);
}
const gap = (length: number) => ' '.repeat(length);

describe('a phrase that is spoken of rather than said', () => {
  it.each([
    ['the phrase "⟦ignore it⟧"', 0.4],
    ['phrases such as “⟦ignore it⟧”', 0.4],
    ["the words: '⟦ignore it⟧'", 0.4],
    ['a string like the old one "⟦ignore it⟧"', 0.4],
    ['der begriff „⟦ignore it⟧“', 0.4],
    ['la frase «⟦ignore it⟧»', 0.4],
    ['the pattern `⟦ignore it⟧`', 0.4],
    ['blocks ‘⟦ignore it⟧’', 0.4],
    [`the phrase "${gap(38)}⟦ignore it⟧${gap(39)}"`, 0.4],
    ['phrases of prompt injection such as "⟦ignore it⟧"', 0.22],
    ['the advisory says "⟦ignore it⟧"', 0.22],
    ['vulnerability, for example "⟦ignore it⟧"', 0.22],
    ['the attack says "⟦ignore it⟧"', 0.22],
    ['a jailbreak says "⟦ignore it⟧"', 0.22],
    ['an exploit says "⟦ignore it⟧"', 0.22],
    ['the phrase ⟦ignore it⟧', 1],
    ["the phrase's ⟦ignore it⟧'", 1],
    ['the phrase "⟦ignore it⟧', 1],
    ['the phrase ⟦ignore it⟧"', 1],
    ['she asked "⟦ignore it⟧"', 1],
    ["the phrase of Anna's ⟦ignore it⟧'", 1],
    ['the phrase that all of them know "⟦ignore it⟧"', 1],
    [`the phrase "${gap(39)}⟦ignore it⟧"`, 1],
    [`the phrase "⟦ignore it⟧${gap(40)}"`, 1],
    [`injections, ${gap(60)}the phrase "⟦ignore it⟧"`, 0.4],
  ])('says of %s: %d', (marked, factor) => expect(factorOf(marked)).toBe(factor));

  it.each([
    ['the string', 'the strings'],
    ['the word', 'the words'],
    ['the title', 'is titled'],
    ['I say', 'she says'],
    ['I read', 'it reads'],
    ['flag', 'flags'],
    ['detect', 'detects'],
    ['block', 'blocks'],
    ['a pattern', 'patterns'],
    ['an attack', 'attacks'],
    ['I mean', 'it means'],
    ['quote', 'quotes'],
    ['search for', 'searches for'],
    ['a prompt that', 'prompts that'],
    ['test for', 'tests with'],
    ['known as', 'e.g.'],
    ['the phrase of a, b', 'the phrase: a (b)'],
  ])('knows %s and %s', (one, other) => {
    for (const intro of [one, other]) expect(factorOf(`${intro} "⟦ignore it⟧"`)).toBeLessThan(1);
  });

  it('counts less, but not where quotation marks belong to what is looked for', () => {
    const weights = (text: string, rule: string) =>
      screen(text, { source: 'tool', model: null })
        .findings.filter((finding) => finding.rule === rule)
        .map(({ weight }) => weight);
    expect(weights('the phrase "stay in character"', 'jailbreak.stay_in_character')).toEqual([0.4 * 0.4]);
    expect(weights('the phrase "do not tell the user"', 'secrecy.not_tell_user')).toEqual([0.65 * 0.4]);
    expect(weights(`the string "' or 1=1 --"`, 'sql.number_tautology')).toEqual([0.65]);
    expect(weights('the string "rm -rf /"', 'shell.chained_rm')).toEqual([0.5]);
    expect(weights('the string "../../etc/passwd"', 'path_traversal.climb_to')).toEqual([0.65]);
    expect(weights('the string "{{7*7}}"', 'template.arithmetic')).toEqual([0.65]);
    expect(weights('the string "a.__proto__.b"', 'code.prototype')).toEqual([0.3]);
  });
});
