import { describe, expect, it } from 'vitest';
import { evaluatePolicy, maxCostUsd } from './decide.ts';
import { readyGates } from './gates.ts';
import { parsePolicy } from './policy.ts';
import { ask, rulesOf } from './rules.fixture.ts';

function rulesOfText(gates: string, effect = 'allow') {
  const parsed = parsePolicy(
    `version: 1\ntools: { allow: [] }\ngates:\n${gates}\nscreening: { flag: 0.5, deny: 0.9 }\ndefaults: { effect: ${effect} }\n`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { policy: parsed.policy, gates: readyGates(parsed.policy.gates), maxSpendPerTask: 10 };
}

describe('what stood against a request', () => {
  it('is said by a gate that denies', () => {
    expect(ask(rulesOf([{ action: 'db.drop', effect: 'deny' }]), 'db.drop')).toEqual({
      effect: 'deny',
      rule: 'gate:db.drop',
      reasons: [{ code: 'denied', detail: 'the policy denies db.drop' }],
    });
  });

  it.each([
    ['deny', 'default_denies', 'no gate covers it, and the default denies'],
    ['require_approval', 'default_requires_approval', 'no gate covers it, and the default asks for approval'],
  ] as const)('is said by the default: %s', (effect, code, detail) => {
    expect(ask(rulesOf([], effect), 'a')).toEqual({
      effect,
      rule: 'defaults.effect',
      reasons: [{ code, detail }],
    });
  });

  it('is said of a cost, and the cost that is allowed at most is allowed', () => {
    const rules = rulesOf([], 'allow', 10);
    expect(ask(rules, 'a', {}, { cost_usd: 10.01 })).toEqual({
      effect: 'deny',
      rule: 'MAX_SPEND_PER_TASK',
      reasons: [{ code: 'spend_limit', detail: 'cost_usd is above MAX_SPEND_PER_TASK' }],
    });
    expect(ask(rules, 'a', {}, { cost_usd: 10 }).effect).toBe('allow');
    expect(ask(rulesOf([], 'allow', Infinity), 'a', {}, { cost_usd: maxCostUsd }).effect).toBe('allow');
    expect(ask(rules, 'a', {}, { cost_usd: 0 }).effect).toBe('allow');
  });

  it('does not hide what the default says beside a cost that is too high', () => {
    expect(ask(rulesOf([], 'require_approval', 10), 'a', {}, { cost_usd: 11 }).reasons).toMatchObject([
      { code: 'spend_limit' },
      { code: 'default_requires_approval' },
    ]);
  });

  it.each(['allow', 'require_approval', 'deny'] as const)(
    'is said of a condition and of a limit that cannot be evaluated, where the default says %s',
    (fallback) => {
      const effect = fallback === 'deny' ? 'deny' : 'require_approval';
      const rules = rulesOfText(
        "  - { action: a, when: 'details.n > 1', effect: deny }\n  - { action: a, limit: { sum: details.n, per: all, within: 1h, max: 5 } }",
        fallback,
      );
      const { decision, claims } = evaluatePolicy(rules, { action: 'a', agent: 'worker', details: {} });
      expect(decision).toEqual({
        effect,
        rule: 'gate:a',
        reasons: [
          {
            code: 'limit_not_evaluable',
            detail: 'the limit of a cannot be evaluated: a field is missing',
          },
          {
            code: 'condition_not_evaluable',
            detail: 'the condition of a (details.n > 1) cannot be evaluated: a field is missing',
          },
        ],
      });
      expect(claims).toEqual([]);
    },
  );

  it('is said by the screening, also without words of its own; the default still applies to what no gate covers', () => {
    const rules = rulesOfText('  - { action: b, effect: deny }', 'require_approval');
    const text = { source: 'web', score: 0.95, reasons: [] } as const;
    expect(ask(rules, 'a', {}, { text })).toEqual({
      effect: 'deny',
      rule: 'screening.deny',
      reasons: [
        { code: 'default_requires_approval', detail: 'no gate covers it, and the default asks for approval' },
        { code: 'injection.suspected', detail: 'the text has a high score' },
      ],
    });
  });

  it('is what came first, of two that are as strict', () => {
    const rules = rulesOf([
      { action: 'a*', effect: 'deny' },
      { action: 'a', effect: 'deny' },
    ]);
    expect(ask(rules, 'a').rule).toBe('gate:a');
    expect(ask(rules, 'a').reasons).toHaveLength(2);
  });

  it('is said of an action and of a cost that are none, by field', () => {
    const refused = (action: string, cost_usd?: number) => {
      try {
        ask(rulesOf([]), action, {}, { cost_usd });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refused('a b')).toMatchObject({
      code: 'validation_failed',
      message: 'the request is not valid',
      fields: [{ field: 'action', message: 'must be an action name' }],
    });
    expect(refused('a', -1)).toMatchObject({
      code: 'validation_failed',
      fields: [{ field: 'cost_usd', message: 'must be an amount from 0 to 2^53' }],
    });
  });
});
