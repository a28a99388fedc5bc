import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from './decide.ts';
import { readyGates } from './gates.ts';
import { parsePolicy } from './policy.ts';
import { toMillionths } from './millionths.ts';

const file = (...gates: string[]) =>
  [
    'version: 1',
    'tools: { allow: [] }',
    'gates:',
    ...gates.map((gate) => `  - ${gate}`),
    'defaults: { effect: allow }',
  ].join('\n');
const rulesOf = (...gates: string[]) => {
  const parsed = parsePolicy(file(...gates));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { policy: parsed.policy, gates: readyGates(parsed.policy.gates), maxSpendPerTask: 1_000 };
};
const ask = (
  rules: ReturnType<typeof rulesOf>,
  details: object,
  over: { action?: string; agent?: string } = {},
) => evaluatePolicy(rules, { action: 'stripe.charge', agent: 'worker', details, ...over });

const sum = '{ sum: details.amount_usd, per: agent, within: 1d, max: 500 }';

describe('a gate with a limit', () => {
  it('says what is to be counted, and decides nothing by itself', () => {
    const { decision, claims } = ask(rulesOf(`{ action: stripe.charge, limit: ${sum} }`), {
      amount_usd: 90.5,
    });
    expect(decision).toEqual({ effect: 'allow', rule: 'defaults.effect', reasons: [] });
    expect(claims).toEqual([
      {
        counter: expect.stringMatching(/^[0-9a-f]{32}:worker$/),
        amount: '90500000',
        max: '500000000',
        seconds: 86_400,
        over: 'require_approval',
        rule: 'gate:stripe.charge',
        detail:
          'the limit of stripe.charge is reached: the sum of details.amount_usd per agent within 1d, at most 500',
      },
    ]);
  });

  it('counts whom it says together, whatever the spelling', () => {
    const counterOf = (per: string, agent: string, action = 'stripe.charge') =>
      ask(
        rulesOf(`{ action: 'stripe.*', limit: { count: true, per: ${per}, within: 1h, max: 1 } }`),
        {},
        { agent, action },
      ).claims[0]?.counter;
    expect(counterOf('agent', 'A ')).toBe(counterOf('agent', 'a', 'stripe.refund'));
    expect(counterOf('agent', 'a')).not.toBe(counterOf('agent', 'b'));
    expect(counterOf('action', 'a', ' STRIPE.charge')).toBe(counterOf('action', 'b'));
    expect(counterOf('action', 'a', 'stripe.refund')).not.toBe(counterOf('action', 'a'));
    expect(counterOf('all', 'a', 'stripe.refund')).toBe(counterOf('all', 'b'));
  });

  it('keeps its counter when its time or amount is changed', () => {
    const of = (limit: string) =>
      ask(rulesOf(`{ action: stripe.charge, limit: ${limit} }`), { amount_usd: 1 }).claims[0];
    const [before, after] = [of(sum), of(sum.replace('1d', '12h').replace('500', '50'))];
    expect(after?.counter).toBe(before?.counter);
    expect(after).toMatchObject({ seconds: 43_200, max: '50000000' });
  });

  it('applies when its condition does, and leaves other gates as they are', () => {
    const rules = rulesOf(
      `{ action: stripe.charge, when: 'details.amount_usd > 10', limit: ${sum} }`,
      `{ action: stripe.charge, when: 'details.amount_usd > 100', approval: required }`,
    );
    expect(ask(rules, { amount_usd: 5 })).toMatchObject({ decision: { effect: 'allow' }, claims: [] });
    expect(ask(rules, { amount_usd: 50 }).claims).toHaveLength(1);
    expect(ask(rules, { amount_usd: 500 })).toMatchObject({ decision: { effect: 'require_approval' } });
  });

  it.each([{}, { amount_usd: '5' }, { amount_usd: -1 }, { amount_usd: [1] }, { amount_usd: 2 ** 60 }])(
    'needs a person for %j, which it cannot count',
    (details) => {
      for (const effect of ['', ', effect: deny']) {
        const { decision, claims } = ask(
          rulesOf(`{ action: stripe.charge, limit: ${sum}${effect} }`),
          details,
        );
        expect(decision).toMatchObject({
          effect: 'require_approval',
          rule: 'gate:stripe.charge',
          reasons: [{ code: 'limit_not_evaluable' }],
        });
        expect(claims).toEqual([]);
      }
    },
  );

  it('reads only what is in the details themselves', () => {
    const rules = rulesOf(
      '{ action: a.b, limit: { sum: details.constructor.length, per: all, within: 1h, max: 1 } }',
    );
    expect(ask(rules, {}, { action: 'a.b' }).decision.reasons).toMatchObject([
      { code: 'limit_not_evaluable' },
    ]);
  });

  it.each([
    [
      '{ action: a, limit: { per: agent, within: 1h, max: 1 } }',
      'gates.0.limit: must say either sum or count',
    ],
    [
      '{ action: a, limit: { sum: details.x, count: true, per: agent, within: 1h, max: 1 } }',
      'gates.0.limit: must say either sum or count',
    ],
    [`{ action: a, approval: required, effect: deny, limit: ${sum} }`, 'gates.0: must say either approval'],
    [`{ action: a }`, 'gates.0: must say either approval'],
    [
      '{ action: a, limit: { sum: amount, per: agent, within: 1h, max: 1 } }',
      'gates.0.limit.sum: must be cost_usd or a path',
    ],
    [
      '{ action: a, limit: { sum: details, per: agent, within: 1h, max: 1 } }',
      'gates.0.limit.sum: must be cost_usd or a path',
    ],
    [
      '{ action: a, limit: { count: 3, per: agent, within: 1h, max: 1 } }',
      'gates.0.limit.count: must be true, or a path',
    ],
    ['{ action: a, limit: { count: true, per: user, within: 1h, max: 1 } }', 'gates.0.limit.per: '],
    ['{ action: a, limit: { count: true, within: 1h, max: 1 } }', 'gates.0.limit.per: '],
    ['{ action: a, limit: { count: true, per: all, within: 60, max: 1 } }', 'gates.0.limit.within: '],
    [
      '{ action: a, limit: { count: true, per: all, within: 1w, max: 1 } }',
      'gates.0.limit.within: must be a time',
    ],
    [
      '{ action: a, limit: { count: true, per: all, within: 32d, max: 1 } }',
      'gates.0.limit.within: must be at most 31d',
    ],
    [
      '{ action: a, limit: { count: true, per: all, within: 1h, max: -1 } }',
      'gates.0.limit.max: must not be negative',
    ],
    [
      '{ action: a, limit: { count: true, per: all, within: 1h, max: 1.5 } }',
      'gates.0.limit.max: must be a whole number',
    ],
    ['{ action: a, limit: { sum: cost_usd, per: all, within: 1h, max: .inf } }', 'gates.0.limit.max: '],
    ['{ action: a, limit: { sum: cost_usd, per: all, within: 1h, max: .nan } }', 'gates.0.limit.max: '],
    [
      '{ action: a, limit: { count: true, per: all, within: 1h, max: 1, burst: 2 } }',
      'gates.0.limit: Unrecognized key',
    ],
  ])('is refused as %s with line and reason', (gate, message) => {
    const parsed = parsePolicy(file(gate));
    if (parsed.ok) throw new Error('it was taken');
    expect(parsed.problems.map(({ path, message: text }) => `${path}: ${text}`).join()).toContain(message);
    expect(new Set(parsed.problems.map(({ line }) => line))).toEqual(new Set([4]));
  });
});

describe('millionths', () => {
  it.each([
    [0, 'up', '0'],
    [0.1, 'up', '100000'],
    [33.34, 'up', '33340000'],
    [1e-7, 'up', '1'],
    [1e-7, 'down', '0'],
    [1.0000001, 'up', '1000001'],
    [1.0000001, 'down', '1000000'],
    [2 ** 53, 'up', '9007199254740992000000'],
  ] as const)('%d rounded %s are %s', (value, rounding, text) =>
    expect(toMillionths(value, rounding)).toBe(text),
  );

  it('are never less than the amount when it is counted, nor more when it is held against', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        const [up, down] = [BigInt(toMillionths(value, 'up')), BigInt(toMillionths(value, 'down'))];
        expect(up - down <= 1n && up >= down).toBe(true);
        expect(Math.abs(Number(down) / 1e6 - value)).toBeLessThanOrEqual(1e-6 + value * 1e-15);
      }),
    );
  });
});
