import { describe, expect, it } from 'vitest';
import { AppError } from '@actp/shared/errors';
import { policyOf } from '../verbs.fixture.ts';
import { checkPolicy, needsCost, withDenial, type PolicyCheck } from './policy-check.ts';
import { RefusalError, refusalOf } from './refusals.ts';

const request = { action: ' Pay ', details: { amount: 5 }, agent: 'buyer' };
const policy = policyOf(
  '{ action: pay, approval: required, critical: true, approvers: 2 }',
  '{ action: pay, effect: deny, when: "cost_usd > 40.0" }',
  '{ action: sell, effect: deny, limit: { count: true, per: agent, within: 1d, max: 3 } }',
);

describe('what the policy in force says', () => {
  it('is how many people have to agree, and whether they press twice', () => {
    expect(checkPolicy(policy, request)).toEqual({
      check: { version: policy.version, denied: null, critical: true, approvers: 2 },
      claims: [],
    });
    expect(checkPolicy(policy, request, 50).check).toMatchObject({ max_cost_usd: 50 });
  });

  it.each([
    [41, 'gate:pay'],
    [51, 'spend_limit'],
  ])('is what it denies, and why: a cost of %d', (cost_usd, reason) => {
    const { denied } = checkPolicy(policy, { ...request, cost_usd }, 50).check;
    expect(JSON.stringify(denied)).toContain(reason);
    expect(denied?.reasons.length).toBeGreaterThan(0);
  });

  it('is what its limits count', () => {
    const { claims, check } = checkPolicy(policy, { ...request, action: 'sell' });
    expect(claims).toHaveLength(1);
    expect(check).toMatchObject({ denied: null, critical: false, approvers: 1 });
  });

  it('is nothing of what has no normal form', () => {
    expect(() => checkPolicy(policy, { ...request, action: '..' })).toThrow(
      expect.objectContaining({ code: 'validation_failed', message: 'the action cannot be normalised' }),
    );
  });

  it.each([
    ['pay', true],
    [' PAY ', true],
    ['sell', false],
    ['..', false],
  ])('depends on the cost of %j: %s', (action, needs) => {
    expect(needsCost(policy, action)).toBe(needs);
  });
});

describe('a refusal of the policy', () => {
  const check: PolicyCheck = {
    ...{ version: 'v', critical: false, approvers: 1 },
    denied: {
      rule: 'gate:pay',
      reasons: [
        { code: 'gate_denied', detail: 'too dear' },
        { code: 'gate_denied', detail: 'too late' },
      ] as unknown as NonNullable<PolicyCheck['denied']>['reasons'],
    },
  };

  it('says what the policy has against it', () => {
    const refusal = refusalOf('policy_denied');
    const told = withDenial(refusal, check);
    expect(told).toBeInstanceOf(RefusalError);
    expect(told).toMatchObject({
      ...{ result: 'policy_denied', code: 'policy_denied', cause: refusal },
      message: 'the policy denies it (gate:pay): too dear; too late',
      members: check.denied,
    });
  });

  it('is only what the database has refused for it', () => {
    const others = [
      refusalOf('expired'),
      new AppError('policy_denied', 'not by the database'),
      new Error('x'),
    ];
    for (const error of others) expect(withDenial(error, check)).toBe(error);
    const refusal = refusalOf('spend_limit');
    expect(withDenial(refusal, { ...check, denied: null })).toBe(refusal);
  });
});
