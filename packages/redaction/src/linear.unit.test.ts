import { describe, expect, it } from 'vitest';
import { growsLinearly, shortest, timeOfSteps } from '@actp/testing/growth';
import { createFinder, type Finder } from './engine/find-secrets.ts';
import { hostileTexts } from './hostile.fixture.ts';
import { allRules } from './rules/all-rules.ts';

const length = 8_192;
// A rule that reads each character a few times is done with that much; only what takes longer is worth measuring how it grows.
const stepsPerCharacter = 100;
const small = timeOfSteps(length * stepsPerCharacter);

function isLinear(finder: Finder, text: (length: number) => string): boolean {
  const first = text(length);
  if (shortest(2, () => finder.find(first)) < small) return true;
  return growsLinearly((n) => {
    const grown = text(n);
    return () => finder.find(grown);
  }, length);
}

describe('every rule, on the texts that make it work hardest', () => {
  it('[SEC-020] takes time in proportion to the length, whatever the input', () => {
    for (const rule of allRules) {
      const finder = createFinder([rule]);
      for (const [i, text] of hostileTexts(rule, length).entries()) {
        const grown = (n: number) => hostileTexts(rule, n)[i] ?? '';
        expect(isLinear(finder, grown), `${rule.kinds.join()}: ${text.slice(0, 80)}`).toBe(true);
      }
    }
  });

  it('notices a rule that is not linear', () => {
    const quadratic = createFinder([
      {
        kinds: ['x'],
        keywords: ['x'],
        family: 'token',
        find: (at, { text }) =>
          /^[a-z]*!/.test(text.slice(at))
            ? { lead: at, start: at, end: at + 1, kind: 'x', rank: 1 }
            : undefined,
      },
    ]);
    expect(isLinear(quadratic, (n) => 'x'.repeat(n))).toBe(false);
  });

  it('finds places within the text, in order, none overlapping another, also with all rules together', () => {
    const everything = createFinder(allRules);
    for (const rule of allRules) {
      for (const text of hostileTexts(rule, 1_024)) {
        let last = 0;
        for (const { start, end } of everything.find(text) ?? []) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }
    }
  });
});
