import { describe, expect, it } from 'vitest';
import type { Family, ScreeningFinding, Source } from './finding.ts';
import { reasonsOf } from './reasons.ts';

const finding = (family: Family, weight: number, reason: string): ScreeningFinding => ({
  family,
  rule: `${family}.a`,
  reason,
  start: 0,
  end: 1,
  weight,
});
const reasons = (source: Source, ...findings: ScreeningFinding[]) =>
  reasonsOf({ source, score: 0, findings });

describe('reasons of a screening', () => {
  it.each([
    ['user', "the user's text has code"],
    ['tool', 'the text of a tool has code'],
    ['web', 'the text of the web has code'],
  ] as const)('say whose words they are: %s', (source, detail) =>
    expect(reasons(source, finding('code', 0.5, 'has code'))).toEqual([{ code: 'injection.code', detail }]),
  );

  it('are one for each family, that of its strongest finding, and the strongest first', () =>
    expect(
      reasons(
        'tool',
        finding('sql', 0.4, 'is a'),
        finding('code', 0.5, 'is b'),
        finding('sql', 0.6, 'is c'),
        finding('sql', 0.6, 'is d'),
        finding('code', 0.3, 'is e'),
        finding('shell', 0.55, 'is f'),
      ),
    ).toEqual([
      { code: 'injection.sql', detail: 'the text of a tool is c' },
      { code: 'injection.shell', detail: 'the text of a tool is f' },
      { code: 'injection.code', detail: 'the text of a tool is b' },
    ]));

  it('leave out what weighs less than 0.2', () =>
    expect(reasons('web', finding('sql', 0.2, 'is a'), finding('code', 0.19, 'is b'))).toEqual([
      { code: 'injection.sql', detail: 'the text of the web is a' },
    ]));
});
