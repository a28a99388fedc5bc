import { describe, expect, it } from 'vitest';
import type { ScreeningFinding } from './finding.ts';
import { scoreOf } from './score.ts';

/** `override.a 0.5 1499`: a rule, its weight, and where it begins. */
function findings(...lines: readonly string[]): ScreeningFinding[] {
  return lines.map((line) => {
    const [rule = '', weight, start] = line.split(' ');
    const family = rule.slice(0, rule.indexOf('.')) as ScreeningFinding['family'];
    return { family, rule, reason: '', start: Number(start), end: Number(start) + 1, weight: Number(weight) };
  });
}

describe('the score of a text', () => {
  it.each([
    { of: 'nothing', lines: [], score: 0 },
    { of: 'one finding: its weight', lines: ['sql.a 0.6 0'], score: 0.6 },
    { of: 'one finding far behind', lines: ['sql.a 0.6 9000'], score: 0.6 },
    // 1 - 0.4 * 0.5
    { of: 'two families: what is left of doubt', lines: ['sql.a 0.6 0', 'code.a 0.5 0'], score: 0.8 },
    // 1 - 0.4 * (1 - 0.5 * 0.35)
    {
      of: 'two rules of a family: the weaker with a third',
      lines: ['sql.a 0.6 0', 'sql.b 0.5 9'],
      score: 0.67,
    },
    { of: 'the same, the weaker one first', lines: ['sql.b 0.5 0', 'sql.a 0.6 9'], score: 0.67 },
    {
      of: 'one rule again and again: its strongest',
      lines: ['sql.a 0.2 0', 'sql.a 0.6 9', 'sql.a 0.5 99'],
      score: 0.6,
    },
    // 1 - 0.4 * 0.5 * (1 - 0.4 * 0.35)
    { of: 'all of these', lines: ['sql.a 0.6 0', 'code.b 0.4 1', 'code.a 0.5 2'], score: 0.828 },
    { of: 'a third digit', lines: ['sql.a 0.1234 0'], score: 0.123 },
    { of: 'the end of one stretch and the next', lines: ['sql.a 0.6 1499', 'code.a 0.5 1500'], score: 0.8 },
    { of: 'both ends of two stretches', lines: ['sql.a 0.6 0', 'code.a 0.5 2999'], score: 0.8 },
    { of: 'the same rule in both: its strongest', lines: ['sql.a 0.6 1499', 'sql.a 0.5 1500'], score: 0.6 },
    {
      of: 'the same rule in both, the strongest last',
      lines: ['sql.a 0.5 1499', 'sql.a 0.6 1500'],
      score: 0.6,
    },
    { of: 'stretches with one between them', lines: ['sql.a 0.6 1499', 'code.a 0.5 3000'], score: 0.6 },
    { of: 'the same, the strongest last', lines: ['code.a 0.5 1499', 'sql.a 0.6 3000'], score: 0.6 },
    {
      of: 'three stretches: the best two',
      lines: ['sql.a 0.3 0', 'code.a 0.5 1500', 'shell.a 0.6 3000'],
      score: 0.8,
    },
    {
      of: 'three stretches, the first two',
      lines: ['shell.a 0.6 0', 'code.a 0.5 1500', 'sql.a 0.3 3000'],
      score: 0.8,
    },
    {
      of: 'two pairs far apart',
      lines: ['sql.a 0.6 0', 'code.a 0.5 9', 'sql.b 0.1 9000', 'code.b 0.1 9001'],
      score: 0.8,
    },
    { of: 'many far apart', lines: ['sql.a 0.4 0', 'code.a 0.4 4500', 'shell.a 0.4 9000'], score: 0.4 },
    { of: 'what the whole text does, alone', lines: ['obfuscation.tags 0.6 0'], score: 0.6 },
    // It begins at 0 and counts everywhere.
    {
      of: 'what the whole text does, far away',
      lines: ['obfuscation.tags 0.6 0', 'sql.a 0.5 9000'],
      score: 0.8,
    },
    // 1 - (1 - 0.5) * 0.75 * (1 - 0.2 * 0.35)
    {
      of: 'two of these',
      lines: ['obfuscation.a 0.25 0', 'obfuscation.b 0.2 0', 'sql.a 0.5 0'],
      score: 0.651,
    },
  ])('is, of $of, $score', ({ lines, score }) => expect(scoreOf(findings(...lines))).toBe(score));
});
