import { describe, expect, it } from 'vitest';
import { ask, rulesOf } from './rules.fixture.ts';

const shipped = rulesOf([
  { action: 'ads.deploy', approval: 'required' },
  { action: 'dm.bulk_send', when: 'details.recipients > 10', approval: 'required' },
  { action: 'system.deploy_code', approval: 'required' },
  { action: 'stripe.charge', when: 'details.amount_usd > 100', approval: 'required' },
  { action: 'email.*', approval: 'required' },
  { action: 'payment.*', approval: 'required' },
]);

describe('a decision', () => {
  it.each<[string, object, string]>([
    ['ads.deploy', {}, 'require_approval'],
    ['dm.bulk_send', { recipients: 11 }, 'require_approval'],
    ['dm.bulk_send', { recipients: 10 }, 'allow'],
    ['system.deploy_code', {}, 'require_approval'],
    ['stripe.charge', { amount_usd: 100.01 }, 'require_approval'],
    ['stripe.charge', { amount_usd: 100 }, 'allow'],
    ['email.send', {}, 'require_approval'],
    [' Email.SEND', {}, 'require_approval'],
    ['payment.send', {}, 'require_approval'],
    ['report.read', {}, 'allow'],
  ])('[SEC-012] [POL-002] %s with %j: %s', (action, details, effect) =>
    expect(ask(shipped, action, details).effect).toBe(effect),
  );

  it('says what decided, and nothing where nothing stands against it', () => {
    expect(ask(shipped, 'report.read')).toEqual({ effect: 'allow', rule: 'defaults.effect', reasons: [] });
    expect(ask(shipped, 'dm.bulk_send', { recipients: 3 }).reasons).toEqual([]);
    expect(ask(shipped, 'stripe.charge', { amount_usd: 500 })).toEqual({
      effect: 'require_approval',
      rule: 'gate:stripe.charge',
      reasons: [
        {
          code: 'approval_required',
          detail: 'the policy asks for approval of stripe.charge when details.amount_usd > 100',
        },
      ],
    });
  });

  it('is the strictest of all gates that cover the action', () => {
    const rules = rulesOf([
      { action: '*', approval: 'required' },
      { action: 'db.drop', effect: 'deny' },
      { action: 'db.*', when: 'details.rows > 5', effect: 'deny' },
    ]);
    expect(ask(rules, 'db.drop', { rows: 9 })).toMatchObject({
      effect: 'deny',
      rule: 'gate:db.drop',
      reasons: [{ code: 'denied' }, { code: 'denied' }, { code: 'approval_required' }],
    });
    expect(ask(rules, 'db.read', { rows: 5 })).toMatchObject({ effect: 'require_approval', rule: 'gate:*' });
  });

  it('falls to the default where no gate applies', () => {
    const gates = [{ action: 'a', when: 'details.n > 1', approval: 'required' as const }];
    expect(ask(rulesOf(gates, 'deny'), 'a', { n: 1 })).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'default_denies' }],
    });
    expect(ask(rulesOf(gates, 'deny'), 'a', { n: 2 }).effect).toBe('require_approval');
    expect(ask(rulesOf(gates, 'require_approval'), 'b')).toMatchObject({
      effect: 'require_approval',
      rule: 'defaults.effect',
    });
  });

  it.each<[string, string, object, string]>([
    ['a missing field', 'details.n > 1', {}, 'a field is missing'],
    ['a missing object', 'details.a.b > 1', { a: null }, 'a field is missing'],
    ['an inherited name', 'details.toString == 1', {}, 'a field is missing'],
    ['a wrong type', 'details.n > 1', { n: '2' }, 'a value has the wrong type'],
    ['a list in its place', 'details.n > 1', { n: [0] }, 'a value has the wrong type'],
    ['null', 'details.n > 1', { n: null }, 'a value has the wrong type'],
    ['no boolean', 'details.n', { n: 1 }, 'its result is neither true nor false'],
    ['no number', 'details.n > 1', { n: Number.NaN }, 'the details hold something'],
    ['a key that misleads', 'details.n > 1', { n: 0, constructor: null }, 'the details hold something'],
    ['an own __proto__', 'details.n > 1', JSON.parse('{"n":0,"__proto__":{"n":0}}') as object, 'the details'],
    ['no cost', 'cost_usd > 1', {}, 'a field is missing'],
    [
      'too much work',
      'details.l.all(x, x > 1)',
      { l: Array.from({ length: 100_000 }, () => 2) },
      'it would take too long',
    ],
    ['a bad time', 'timestamp(details.t) > timestamp("2026-01-01T00:00:00Z")', { t: 'x' }, 'it failed'],
  ])('asks for approval when the condition cannot be evaluated: %s', (_why, when, details, fault) => {
    const decision = ask(rulesOf([{ action: 'a', when, approval: 'required' }]), 'a', details);
    expect(decision).toMatchObject({
      effect: 'require_approval',
      rule: 'gate:a',
      reasons: [{ code: 'condition_not_evaluable', detail: expect.stringContaining(fault) }],
    });
    // Also one that would deny: the contract's word is approval. But never milder than the default.
    expect(ask(rulesOf([{ action: 'a', when, effect: 'deny' }]), 'a', details).effect).toBe(
      'require_approval',
    );
    const denying = rulesOf([{ action: 'a', when, approval: 'required' }], 'deny');
    expect(ask(denying, 'a', details).effect).toBe('deny');
  });

  it('never quotes a value', () => {
    const rules = rulesOf([{ action: 'a', when: 'details.n > 1', approval: 'required' }]);
    for (const n of ['hunter2', ['hunter2'], { hunter2: 1 }]) {
      expect(JSON.stringify(ask(rules, 'a', { n }))).not.toContain('hunter2');
    }
  });

  it('sees the cost, the agent and the action', () => {
    const rules = rulesOf([
      {
        action: 'a*',
        when: 'cost_usd >= 5 && agent == "worker" && action.startsWith("a")',
        approval: 'required',
      },
    ]);
    expect(ask(rules, 'A.b', {}, { cost_usd: 5 }).effect).toBe('require_approval');
    expect(ask(rules, 'a.b', {}, { cost_usd: 4.99 }).effect).toBe('allow');
    expect(ask(rules, 'a.b', {}, { cost_usd: 5, agent: 'other' }).effect).toBe('allow');
  });

  it('[POL-001] denies what costs more than MAX_SPEND_PER_TASK, whatever the gates say', () => {
    expect(ask(shipped, 'report.read', {}, { cost_usd: 1_000 }).effect).toBe('allow');
    expect(ask(shipped, 'email.send', {}, { cost_usd: 1_000.01 })).toMatchObject({
      effect: 'deny',
      rule: 'MAX_SPEND_PER_TASK',
      reasons: [{ code: 'spend_limit' }, { code: 'approval_required' }],
    });
  });

  it.each([-0.01, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53 + 2])(
    '[POL-007] refuses a cost of %d',
    (cost_usd) =>
      expect(() => ask(rulesOf([], 'allow', Number.POSITIVE_INFINITY), 'a', {}, { cost_usd })).toThrow(
        expect.objectContaining({ code: 'validation_failed' }),
      ),
  );

  it.each(['', 'аds.deploy', 'ads\u200b.deploy', 'ads.deploy.'])('refuses the action %j', (action) =>
    expect(() => ask(shipped, action)).toThrow(expect.objectContaining({ code: 'validation_failed' })),
  );
});
