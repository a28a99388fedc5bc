import { expect, it } from 'vitest';
import { screen, type Source } from '../screen.ts';
import type { RuleBase } from './phrase.ts';

/**
 * A rule, how much it weighs in the user's words and in those of others, and texts. Between ⟦ and ⟧ stands what it must find; in a
 * text without marks it must find nothing.
 */
export type RuleSamples = readonly [rule: string, user: number, other: number, ...texts: string[]];

const sources: readonly Source[] = ['user', 'tool', 'web'];

/** Holds every rule against its samples, by the reason that it gives: all that it finds in them, and where. */
export function testRules(
  rules: readonly RuleBase[],
  byReason: Readonly<Record<string, readonly RuleSamples[]>>,
): void {
  const samples = Object.entries(byReason).flatMap(([reason, some]) =>
    some.map(([rule, user, other, ...texts]) => ({ rule, reason, user, other, texts })),
  );

  it('have a sample each', () => {
    const sampled = samples.filter(({ texts }) => texts.some((text) => text.includes('⟦')));
    expect(sampled.map(({ rule }) => rule).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
  });

  it.each(samples)('[POL-004] $rule', ({ rule, reason, user, other, texts }) => {
    const family = rule.slice(0, rule.indexOf('.'));
    for (const marked of texts) {
      const text = marked.replaceAll(/[⟦⟧]/g, '');
      for (const source of sources) {
        const weight = source === 'user' ? user : other;
        const wanted = weight === 0 ? [] : marksOf(marked);
        expect({ text, source, found: findingsOf(rule, text, source) }).toEqual({
          text,
          source,
          found: wanted.map((place) => ({
            family,
            rule,
            reason,
            ...place,
            weight: expect.closeTo(weight, 6),
          })),
        });
      }
    }
  });
}

/** What a rule, or any, finds in a text, without the model. */
export const findingsOf = (rule: string, text: string, source: Source) =>
  screen(text, { source, model: null }).findings.filter((finding) => finding.rule === rule);

/** The places between ⟦ and ⟧, in the text without these marks. */
export function marksOf(marked: string): Array<{ start: number; end: number }> {
  const pieces = marked.split(/[⟦⟧]/);
  const places: Array<{ start: number; end: number }> = [];
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    if (i % 2 === 1) places.push({ start: at, end: at + piece.length });
    at += piece.length;
  }
  return places;
}
