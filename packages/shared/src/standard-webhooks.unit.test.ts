import { describe, expect, it } from 'vitest';
import { isSignedBy, webhookHeaders } from './standard-webhooks.ts';

// The vector of the reference implementations.
const secret = ['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'].join('_');
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  content: '{"test": 2432232314}',
};
const good = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

describe('Standard Webhooks', () => {
  it('[NEXT-002] signs as it is published', () => {
    expect(webhookHeaders(secret, message)).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': String(message.timestamp),
      'webhook-signature': good,
    });
  });

  it('[NEXT-002] signs with both secrets while one is rotated, and fits either', () => {
    const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const { 'webhook-signature': signatures = '' } = webhookHeaders([other, secret], message);
    expect(signatures.split(' ')).toHaveLength(2);
    expect(signatures.endsWith(good)).toBe(true);
    for (const one of [other, secret]) expect(isSignedBy(one, message, signatures)).toBe(true);
  });

  it('[NEXT-002] verifies what is published, also among other signatures and without the prefix', () => {
    expect(isSignedBy(secret, message, good)).toBe(true);
    expect(isSignedBy(secret, message, `v1,${'A'.repeat(43)}= v2,abc ${good}`)).toBe(true);
    expect(isSignedBy(secret.slice('whsec_'.length), message, good)).toBe(true);
  });

  it.each([
    ['another content', { content: `${message.content} ` }, good],
    ['another id', { id: 'msg_2' }, good],
    ['another time', { timestamp: message.timestamp + 1 }, good],
    ['no signature', {}, ''],
    ['one of another version', {}, good.replace('v1,', 'v1a,')],
    ['one that is cut', {}, good.slice(0, 20)],
    ['one that is longer', {}, `${good.slice(0, -1)}AAAA`],
  ])('refuses %s', (_what, change, signatures) => {
    expect(isSignedBy(secret, { ...message, ...change }, signatures)).toBe(false);
  });

  it('refuses what another key signed', () => {
    expect(isSignedBy(`whsec_${Buffer.alloc(24, 1).toString('base64')}`, message, good)).toBe(false);
  });
});
