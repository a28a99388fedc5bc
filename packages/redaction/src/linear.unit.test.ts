import { describe, expect, it } from 'vitest';
import { growsLinearly, shortest, timeOfSteps } from '@actp/testing/growth';
import { createFinder } from './engine/find-secrets.ts';
import { dresses } from './samples/grammar-samples.ts';
import { hostileTexts, repeated } from './samples/hostile-texts.ts';
import { redact } from './redact.ts';
import { allRules } from './rules/all-rules.ts';
import { samples } from './samples/token-samples.ts';

const length = 8_192;
// A rule that reads each character a few times is done with that much; only what takes longer is worth measuring how it grows.
const stepsPerCharacter = 100;
const small = timeOfSteps(length * stepsPerCharacter);

function isLinear(read: (text: string) => unknown, text: (length: number) => string): boolean {
  const first = text(length);
  if (shortest(2, () => read(first)) < small) return true;
  return growsLinearly((n) => {
    const grown = text(n);
    return () => read(grown);
  }, length);
}

/** Every secret that is found, again and again: on a line each, or with nothing between. */
const complete = [...Object.values(dresses).flat(), ...samples.map(([, , { text }]) => text)].map(
  (text, index) => `${text}${index % 2 === 0 ? ';' : '\n'}`,
);

// To replace a secret takes long enough to be compared at once; only what grows by more is measured thoroughly.
function growsBy(grown: number, read: (text: string) => unknown, unit: string): number {
  const [first, second] = [repeated(unit, length / 4), repeated(unit, (length / 4) * grown)];
  read(first);
  return shortest(1, () => read(second)) / shortest(2, () => read(first));
}

describe('every rule, on the texts that make it work hardest', () => {
  it('[SEC-020] takes time in proportion to the length, whatever the input', () => {
    for (const rule of allRules) {
      const finder = createFinder([rule]);
      for (const [i, text] of hostileTexts(rule, length).entries()) {
        const grown = (n: number) => hostileTexts(rule, n)[i] ?? '';
        expect(isLinear(finder.find, grown), `${rule.kinds.join()}: ${text.slice(0, 80)}`).toBe(true);
      }
    }
  });

  it('[SEC-020] takes time in proportion to the length where one secret follows another', () => {
    for (const unit of complete) {
      if (growsBy(4, redact, unit) < 8) continue;
      const grown = (n: number) => repeated(unit, n);
      expect(isLinear(redact, grown), unit.slice(0, 80)).toBe(true);
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
    expect(isLinear(quadratic.find, (n) => 'x'.repeat(n))).toBe(false);
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
