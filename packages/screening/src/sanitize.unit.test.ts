import { describe, expect, it } from 'vitest';
import type { Family, ScreeningFinding } from './finding.ts';
import { sanitize } from './sanitize.ts';

const finding = (family: Family, start: number, end: number, weight = 0.5): ScreeningFinding => ({
  family,
  rule: `${family}.a`,
  reason: '',
  start,
  end,
  weight,
});
const sanitized = (mode: 'mark' | 'remove', ...findings: ScreeningFinding[]) =>
  sanitize('0123456789', { source: 'tool', score: 1, findings }, { mode });

describe('a text without what was found in it', () => {
  it('has one change for findings that touch, with each family once', () =>
    expect(
      sanitized(
        'remove',
        finding('sql', 1, 4),
        finding('code', 2, 3),
        finding('sql', 4, 6),
        finding('sql', 8, 10),
      ),
    ).toEqual({
      text: '0[removed: sql, code]67[removed: sql]',
      changes: [
        { start: 1, end: 6, families: ['sql', 'code'] },
        { start: 8, end: 10, families: ['sql'] },
      ],
    }));

  it('keeps what was found between marks', () =>
    expect(sanitized('mark', finding('sql', 1, 4), finding('code', 3, 6)).text).toBe(
      '0[suspicious: sql, code]12345[end]6789',
    ));

  it.each([
    ['weighs less than 0.4', finding('sql', 1, 4, 0.39)],
    ['is about the whole text', finding('obfuscation', 0, 10)],
    ['is how it reads', finding('model', 0, 10)],
  ])('keeps what %s', (_what, one) =>
    expect(sanitized('remove', one)).toEqual({ text: '0123456789', changes: [] }),
  );

  it('loses what weighs 0.4', () =>
    expect(sanitized('remove', finding('sql', 0, 10, 0.4)).text).toBe('[removed: sql]'));

  it.each([
    ['before it', finding('sql', -1, 4)],
    ['behind it', finding('sql', 1, 11)],
    ['that ends before it begins', finding('sql', 4, 3)],
  ])('is refused for a place %s', (_what, one) =>
    expect(() => sanitized('mark', one)).toThrow(new RangeError('the findings are of another text')),
  );
});
