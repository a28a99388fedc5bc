import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, rulesOf, type GateText } from './rules.fixture.ts';

const effects = ['allow', 'require_approval', 'deny'] as const;
const effect = fc.constantFrom(...effects);
const action = fc.constantFrom('a', 'a.b', 'a.b.c', 'b', 'email.send');
const gate: fc.Arbitrary<GateText> = fc
  .record({
    action: fc.constantFrom('*', 'a*', 'a.b', 'a.*', '*.c', 'b', 'email.*'),
    when: fc.option(
      fc.constantFrom(
        'details.n > 10',
        'details.n < 3',
        'details.name == "x"',
        'has(details.n)',
        'details.l.exists(x, x > 1)',
        'cost_usd > 5',
        'size(details.l) > 2',
        'details.a.b.c',
      ),
      { nil: undefined },
    ),
    outcome: fc.constantFrom({ approval: 'required' as const }, { effect: 'deny' as const }),
  })
  .map(({ action, when, outcome }) => ({ action, ...outcome, ...(when === undefined ? {} : { when }) }));

const names = fc.constantFrom(
  ...['n', 'name', 'l', 'a', 'b', 'c'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length', 'size'],
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 11, -1, 1e308, 0.1, '', 'x', '11'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('json')), { maxLength: 4 }).map(objectOf),
  ),
}));
const details = fc.array(fc.tuple(names, json), { maxLength: 6 }).map(objectOf);

// As it comes out of JSON: `__proto__` is a key like any other.
function objectOf(entries: ReadonlyArray<readonly [string, unknown]>): { n?: unknown } {
  const text = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${text.join(',')}}`) as { n?: unknown };
}

const cost = fc.option(fc.constantFrom(0, 5, 6, 2_000), { nil: undefined });

describe('whatever the policy and the request', () => {
  it('the order of gates changes nothing', () => {
    const shuffled = fc
      .array(gate, { maxLength: 8 })
      .chain((gates) =>
        fc.tuple(fc.constant(gates), fc.shuffledSubarray(gates, { minLength: gates.length })),
      );
    fc.assert(
      fc.property(
        shuffled,
        effect,
        action,
        details,
        cost,
        ([gates, others], fallback, name, data, cost_usd) => {
          const one = ask(rulesOf(gates, fallback), name, data, { cost_usd });
          expect(ask(rulesOf(others, fallback), name, data, { cost_usd })).toEqual(one);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a further gate never makes a decision milder, unless it overrules a stricter default', () => {
    fc.assert(
      fc.property(
        fc.array(gate, { maxLength: 6 }),
        gate,
        fc.constantFrom('allow' as const, 'require_approval' as const),
        action,
        details,
        cost,
        (gates, more, fallback, name, data, cost_usd) => {
          const before = ask(rulesOf(gates, fallback), name, data, { cost_usd }).effect;
          const after = ask(rulesOf([...gates, more], fallback), name, data, { cost_usd }).effect;
          expect(effects.indexOf(after)).toBeGreaterThanOrEqual(effects.indexOf(before));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hostile details never allow what is gated', () => {
    const rules = rulesOf([{ action: 'a', when: 'details.n <= 10 || details.n > 10', approval: 'required' }]);
    const strict = rulesOf([{ action: 'a', approval: 'required' }]);
    fc.assert(
      fc.property(details, (data) => {
        expect(ask(rules, 'a', data).effect).toBe('require_approval');
        expect(ask(strict, 'a', data).effect).toBe('require_approval');
      }),
      { numRuns: 1_000 },
    );
  });

  it('what cannot be evaluated asks, what can be does as it says, and both come up', () => {
    const rules = rulesOf([{ action: 'a', when: 'details.n > 10', effect: 'deny' }]);
    const above = fc.record({ n: fc.constantFrom(11, 12.5, 1e308) });
    const within = fc.record({ n: fc.constantFrom(0, 10, -1) });
    const seen = { allow: 0, require_approval: 0, deny: 0 };
    fc.assert(
      fc.property(fc.oneof(details, above, within), (data) => {
        const decision = ask(rules, 'a', data);
        const n: unknown = Object.hasOwn(data, 'n') ? data.n : undefined;
        seen[decision.effect] += 1;
        if (decision.effect === 'require_approval') {
          expect(decision.reasons).toMatchObject([{ code: 'condition_not_evaluable' }]);
        } else {
          expect(n).toBeTypeOf('number');
          expect(decision.effect).toBe(Number(n) > 10 ? 'deny' : 'allow');
        }
        if (typeof n !== 'number') expect(decision.effect).toBe('require_approval');
      }),
      { numRuns: 1_000, seed: 3 },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(100);
  });

  it('neither do very deep, very large or inherited ones', () => {
    const conditions = [
      'details.n <= 10',
      'details == details.d',
      'details.l.all(x, x < 1)',
      'details.d != 1',
    ];
    let deep: object = { n: 99 };
    for (let i = 0; i < 50_000; i += 1) deep = { d: deep };
    const large = { l: Array.from({ length: 200_000 }, (_, i) => i) };
    const inherited = Object.create({ n: 99, l: [9], d: 1 }) as object;
    for (const when of conditions) {
      const rules = rulesOf([{ action: 'a', when: `!(${when})`, approval: 'required' }]);
      for (const data of [deep, large, inherited]) {
        expect(ask(rules, 'a', data).effect).toBe('require_approval');
      }
    }
  });
});
