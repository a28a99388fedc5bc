import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { compileCondition } from './condition.ts';
import { costOf, estimateCost, measure } from './condition-cost.ts';

const language = new Environment({ unlistedVariablesAreDyn: true });
const weightOf = (text: string) => estimateCost(language.parse(text).ast);

describe('the weight of a condition', () => {
  it.each<[string, number, boolean, number, number]>([
    ['true', 1, false, 0, 0],
    ['details.n > 10', 4, false, 0, 0],
    ['details.a == details.b', 5, false, 1, 0],
    ['details.a != details.b', 5, false, 1, 0],
    ['details.a == 1', 4, false, 0, 0],
    ['1 != details.a', 4, false, 0, 0],
    ['details.a in details.b', 5, false, 1, 0],
    ['details.a in [1, 2]', 6, false, 0, 0],
    ['details.a in {"x": 1}', 6, false, 0, 0],
    ['details.a < details.b', 5, false, 0, 0],
    ['size(details.l) > 1', 5, false, 0, 1],
    ['string(details.l) == "x"', 5, false, 0, 1],
    ['details.s.contains("x")', 4, false, 0, 1],
    ['details.s.lowerAscii() == "x"', 5, false, 0, 1],
    ['details.s.upperAscii() == "x"', 5, false, 0, 1],
    ['details.s.trim() == "x"', 5, false, 0, 1],
    ['details.s.startsWith("x")', 4, false, 0, 0],
    ['details.l.all(x, x > 1)', 7, true, 0, 0],
    ['details.l.exists(x, x > 1)', 7, true, 0, 0],
    ['details.l.exists_one(x, x > 1)', 7, true, 0, 0],
    ['size(details.l.filter(x, x > 1)) > 1', 10, true, 0, 1],
    ['size(details.l.map(x, x + 1)) > 1', 10, true, 0, 1],
  ])('%s', (text, nodes, walksLists, deep, textual) => {
    expect(weightOf(text)).toEqual({ nodes, walksLists, deep, textual });
  });
});

describe('the cost of a condition', () => {
  const extent = { values: 10, longestText: 128, readable: true };

  it.each<[string, Partial<ReturnType<typeof weightOf>>, number]>([
    ['each node is a step', { nodes: 7 }, 7],
    ['a deep comparison looks at every value', { nodes: 7, deep: 2 }, 27],
    ['a function of texts takes a step for 64 characters', { nodes: 7, textual: 3 }, 13],
    ['a walk through a list does it all again for each value', { nodes: 7, walksLists: true }, 70],
    ['all of it', { nodes: 7, deep: 2, textual: 3, walksLists: true }, 330],
  ])('%s', (_what, weight, cost) => {
    const light = { nodes: 0, walksLists: false, deep: 0, textual: 0 };
    expect(costOf({ ...light, ...weight }, extent)).toBe(cost);
  });

  it('may be 200,000 steps and no more', () => {
    const compiled = compileCondition('size(details.s) == 1');
    if (!compiled.ok) throw new Error(compiled.message);
    const nodes = weightOf('size(details.s) == 1').nodes;
    const context = { action: 'a', agent: 'worker', details: { s: 'x' } };
    const at = (steps: number) =>
      compiled.condition.evaluate(context, { values: 1, longestText: (steps - nodes) * 64, readable: true });
    expect(at(200_000)).toBe(true);
    expect(at(200_001)).toBe('it would take too long');
  });
});

describe('what details hold', () => {
  it.each<[string, unknown, number, number]>([
    ['nothing', {}, 1, 0],
    ['a number', { n: 1 }, 2, 0],
    ['no value', { n: null, b: true, c: false }, 4, 0],
    ['texts', { a: 'abc', b: 'abcde', c: 'a' }, 4, 5],
    ['lists and objects', { l: [1, [2, { m: 'x' }]] }, 7, 1],
  ])('%s', (_what, details, values, longestText) => {
    expect(measure(details)).toEqual({ values, longestText, readable: true });
  });

  it.each<[string, unknown]>([
    ['NaN', { n: Number.NaN }],
    ['infinity', { n: Number.POSITIVE_INFINITY }],
    ['a big integer', { n: 1n }],
    ['undefined', { n: undefined }],
    ['a function', { n: () => 1 }],
    ['a date', { n: new Date(0) }],
    ['an object without prototype', { n: Object.create(null) as object }],
    ['a list of another kind', { n: new (class extends Array {})() }],
    ['a list that passes for an object', { n: Object.setPrototypeOf({}, Array.prototype) as object }],
    ['the key constructor', { constructor: 1 }],
    ['the key prototype', { l: [{ prototype: 1 }] }],
    ['the key __proto__', JSON.parse('{"__proto__":1}')],
    ['something unreadable before the rest', { a: 1, b: Number.NaN }],
    ['something unreadable behind the rest', { b: Number.NaN, a: 1 }],
  ])('is not readable with %s', (_what, details) => expect(measure(details).readable).toBe(false));

  it('is not counted any farther once it cannot be read', () => {
    expect(measure([1, 2, 3, Number.NaN])).toEqual({ values: 2, longestText: 0, readable: false });
  });
});
