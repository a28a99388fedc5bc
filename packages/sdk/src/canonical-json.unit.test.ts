import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('gives for any JSON value the same text as the reference implementation', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives for any number the same text as the reference implementation', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('sorts keys by UTF-16 code units, as in the example of the RFC', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(
      // Whole numbers come first in every JavaScript object.
      ['1', '\r', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'],
    );
    expect(text).toBe(canonicalize(Object.fromEntries(keys.map((key) => [key, 0]))));
  });

  it('does not depend on the order in which keys were written', () => {
    expect(canonicalJson({ b: 1, a: { d: 2, c: [] } })).toBe(canonicalJson({ a: { c: [], d: 2 }, b: 1 }));
  });

  it('leaves undefined properties out, as JSON.stringify does', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  const cycle: Record<string, unknown> = {};
  cycle['again'] = cycle;
  it.each<[string, unknown, string]>([
    ['NaN', { amount: Number.NaN }, 'value.amount'],
    ['infinity', [1, Number.POSITIVE_INFINITY], 'value[1]'],
    ['a lone surrogate', { to: ['\ud800'] }, 'value.to[0]'],
    ['a lone surrogate in a key', { a: { '\udc00': 1 } }, 'value.a'],
    ['undefined in a list', { list: [undefined] }, 'value.list[0]'],
    // oxlint-disable-next-line no-sparse-arrays -- that is the case
    ['a hole in a list', [1, , 2], 'value[1]'],
    ['a function', { run: () => 1 }, 'value.run'],
    ['a big integer', { amount: 1n }, 'value.amount'],
    ['a date', { at: new Date(0) }, 'value.at'],
    ['a map', { to: new Map() }, 'value.to'],
    ['a cycle', cycle, 'value.again'],
  ])('refuses %s and says where it is', (_what, value, path) => {
    expect(() => canonicalJson(value)).toThrow(`${path} is not a JSON value`);
  });

  it('takes one object that stands in two places', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });
});
