import { expect, it } from 'vitest';
import { addressingRules } from '../rules/addressing.ts';
import { instructionRules } from '../rules/instructions.ts';
import { leakRules } from '../rules/leaks.ts';
import { personaRules } from '../rules/persona.ts';
import { findingsOf } from '../rules/samples.fixture.ts';

/** A text, a rule that finds something in it, and what is left of its weight. */
export type Line = readonly [text: string, rule: string, left: number];

/** What rules weigh in the words of others when nothing softens them. */
const full: ReadonlyMap<string, number> = new Map(
  [...instructionRules, ...personaRules, ...leakRules, ...addressingRules].map(({ name, other }) => [
    name,
    other,
  ]),
);

/** Holds the weight of a finding against what is to be left of it, in the words of a tool. */
export function testLeft(lines: readonly Line[]): void {
  it.each(lines)('[POL-004] %s: %s keeps %d', (text, rule, left) =>
    expect(findingsOf(rule, text, 'tool').map(({ weight }) => weight)).toEqual([
      expect.closeTo((full.get(rule) ?? 0) * left, 6),
    ]),
  );
}
