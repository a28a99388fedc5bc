import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromMinor,
  hasRisenByMoreThan,
  increaseByPercent,
  plainDecimal,
  toMinor,
  type Rounding,
} from './money.ts';

describe('money', () => {
  it.each<[string | string[], Rounding, number]>([
    ['12.34', 'half_up', 1_234],
    ['0', 'half_up', 0],
    ['0.005', 'half_up', 1],
    ['0.0049999999999999999999', 'half_up', 0],
    ['0.0000001', 'up', 1],
    ['1.999', 'down', 199],
    // Neither factor is a double of that value.
    [['0.1', '0.3'], 'half_up', 3],
    [['1.005', '1'], 'half_up', 101],
    [['0.000000000000000001', '76975'], 'half_up', 0],
    [['1000000000000', '1.2e-7'], 'half_up', 12_000_000],
    ['90071992547409.91', 'down', 9_007_199_254_740_991],
  ])('%j is, rounded %s, %i minor units', (text, rounding, minor) =>
    expect(toMinor(text, rounding)).toBe(minor),
  );

  it.each([
    '-1',
    'NaN',
    'Infinity',
    '',
    ' 1',
    '1,5',
    '0x10',
    '1.',
    '.5',
    '1e400',
    '90071992547409.92',
    '1e30',
    '9'.repeat(61),
  ])('%j is no amount', (text) => expect(() => toMinor(text, 'half_up')).toThrow(RangeError));

  it('writes minor units with two places, and reads them back', () => {
    expect(fromMinor(5)).toBe('0.05');
    fc.assert(
      fc.property(fc.maxSafeNat(), (minor) => {
        expect(toMinor(fromMinor(minor), 'down')).toBe(minor);
      }),
    );
    for (const minor of [-1, 1.5, NaN, 2 ** 53]) expect(() => fromMinor(minor)).toThrow(RangeError);
  });

  it('adds a percentage', () => {
    expect(increaseByPercent(199, 1, 'down')).toBe(200);
    expect(increaseByPercent(1_000, 0.1, 'down')).toBe(1_001);
    expect(increaseByPercent(1, 0, 'down')).toBe(1);
    for (const percent of [-1, NaN, Infinity]) {
      expect(() => increaseByPercent(1, percent, 'down')).toThrow(RangeError);
    }
    expect(() => increaseByPercent(Number.MAX_SAFE_INTEGER, 1, 'down')).toThrow(RangeError);
  });

  it('compares prices exactly', () => {
    expect(hasRisenByMoreThan(1, '100', '101')).toBe(false);
    expect(hasRisenByMoreThan(1, '100', '101.00000000000000000001')).toBe(true);
    expect(hasRisenByMoreThan(0.1, '0.1', '0.1001')).toBe(false);
    expect(hasRisenByMoreThan(0, '5', '4')).toBe(false);
  });

  it('writes a number plainly', () => {
    expect(plainDecimal('1.50e1')).toBe('15');
    expect(plainDecimal('1e-18')).toBe('0.000000000000000001');
    expect(plainDecimal('007.10')).toBe('7.1');
  });
});
