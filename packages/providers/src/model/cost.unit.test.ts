import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCosts, costOf, wholeMinor } from './cost.ts';

const price = { input: 0.15, output: 0.6, cached: 0.075 };

describe('the cost of a model', () => {
  it.each([
    [{ input: 1_000_000, cached: 0, output: 0 }, 15],
    [{ input: 1_000_000, cached: 1_000_000, output: 0 }, 7.5],
    [{ input: 0, cached: 0, output: 1_000_000 }, 60],
    [{ input: 1_000, cached: 200, output: 50 }, 0.0165],
    [{ input: 1, cached: 0, output: 0 }, 0.000015],
    // The part that was cached is part of the input, whatever the service says.
    [{ input: 10, cached: 1_000, output: 0 }, 0.000075],
    [{ input: 0, cached: 0, output: 0 }, 0],
  ])('of %j is %d cents', (tokens, cents) => {
    expect(costOf(tokens, price)).toBe(cents);
  });

  it('is unknown without a price, and never nothing', () => {
    expect(costOf({ input: 0, cached: 0, output: 0 }, undefined)).toBe('unknown');
    expect(addCosts(1, 'unknown', 2)).toBe('unknown');
    expect(wholeMinor('unknown')).toBe('unknown');
  });

  it('is rounded up to whole cents once, at the end', () => {
    expect(wholeMinor(addCosts(0.1, 0.2))).toBe(1);
    expect(wholeMinor(addCosts(...Array.from({ length: 10 }, () => 0.1)))).toBe(1);
    expect(wholeMinor(addCosts(0.7, 0.2, 0.1))).toBe(1);
    expect(wholeMinor(0.000001)).toBe(1);
    expect(wholeMinor(1.000001)).toBe(2);
    expect(wholeMinor(0)).toBe(0);
  });

  it('adds exactly', () => {
    const millionths = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(fc.array(millionths, { maxLength: 50 }), (parts) => {
        const exact = parts.reduce((sum, part) => sum + BigInt(part), 0n);
        const cents = (exact + 999_999n) / 1_000_000n;
        expect(wholeMinor(addCosts(...parts.map((part) => part / 1_000_000)))).toBe(Number(cents));
      }),
    );
  });
});
