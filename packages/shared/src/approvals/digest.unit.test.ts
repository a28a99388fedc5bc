import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { actionDigest, payloadDigest } from './digest.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
// Names in disorder: the texts below are written by hand in the order of RFC 8785.
const asked = {
  requested_by: 'agent-1',
  policy_version: '0123456789abcdef',
  details: { to: 'ann', amount: 12.5, list: [2, 1], more: { b: null, a: '\u00E9' } },
  action: 'stripe.charge',
};
const details = '{"amount":12.5,"list":[2,1],"more":{"a":"\u00E9","b":null},"to":"ann"}';

describe('the digest that a decision is bound to', () => {
  it('is of action, details, requester and policy version in canonical form', () => {
    expect(actionDigest(asked)).toBe(
      sha256(
        `{"action":"stripe.charge","details":${details},"policy_version":"0123456789abcdef","requested_by":"agent-1"}`,
      ),
    );
    expect(payloadDigest(asked)).toBe(sha256(`{"action":"stripe.charge","details":${details}}`));
  });

  it.each([
    ['action', { action: 'stripe.refund' }],
    ['details', { details: { ...asked.details, amount: 12.51 } }],
    ['requester', { requested_by: 'agent-2' }],
    ['policy version', { policy_version: '0123456789abcdee' }],
  ])('is another one when the %s is another', (_part, change) => {
    expect(actionDigest({ ...asked, ...change })).not.toBe(actionDigest(asked));
  });
});
