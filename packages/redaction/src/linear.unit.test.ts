import { describe, expect, it } from 'vitest';
import { createFinder, type Finder } from './engine/find-secrets.ts';
import { hostileTexts, shortest } from './hostile.fixture.ts';
import { allRules } from './rules/all-rules.ts';

const length = 8_192;
// A rule needs a few milliseconds for that much. Only what needs more is worth a second look, at twice the length: that may
// take twice as long, and would take four times as long if each character were read once for each of them.
const suspiciousMs = 6;
const factor = 3;

// Processor time and not the clock; and the shortest of several runs.
function isLinear(finder: Finder, text: string): boolean {
  const half = text.slice(0, text.length / 2);
  let [whole, part] = [Infinity, Infinity];
  for (let i = 0; i < 6; i += 1) {
    whole = Math.min(
      whole,
      shortest(i === 0 ? 1 : 2, () => finder.find(text)),
    );
    if (whole < suspiciousMs) return true;
    part = Math.min(
      part,
      shortest(2, () => finder.find(half)),
    );
  }
  return whole < part * factor;
}

describe('every rule, on the texts that make it work hardest', () => {
  it('[SEC-020] takes time in proportion to the length, whatever the input', () => {
    for (const rule of allRules) {
      const finder = createFinder([rule]);
      for (const text of hostileTexts(rule, length)) {
        expect(isLinear(finder, text), `${rule.kinds.join()}: ${text.slice(0, 80)}`).toBe(true);
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
    expect(isLinear(quadratic, 'x'.repeat(4_000))).toBe(false);
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
