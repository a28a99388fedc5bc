import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSign } from './sign.ts';

const key = Buffer.from([0, 1, 127, 128, 255, 97, 98, 99]);
const secret = `whsec_${key.toString('base64')}`;
const call = { method: 'POST', path: '/v1/guard', body: '{"text":"grüße"}' };

describe('a signed call', () => {
  it('carries what Standard Webhooks wants, over method, path and body', async () => {
    const headers = (await createSign(secret)?.(call)) ?? {};
    const {
      'webhook-id': id = '',
      'webhook-timestamp': timestamp = '',
      'webhook-signature': signature,
    } = headers;
    expect(id).toMatch(/^msg_[0-9a-f-]{36}$/);
    expect(timestamp).toMatch(/^\d{10}$/);
    // Computed by another library than the one that signs.
    const content = `${id}.${timestamp}.POST./v1/guard.{"text":"grüße"}`;
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  });

  it('has an id of its own each time, since the plane takes one once', async () => {
    const sign = createSign(secret);
    const ids = await Promise.all([1, 2, 3].map(async () => (await sign?.(call))?.['webhook-id']));
    expect(new Set(ids).size).toBe(3);
  });

  it.each(['', 'whsec_not base64!', key.toString('base64'), `WHSEC_${key.toString('base64')}`])(
    'is not possible with %j',
    (wrong) => {
      expect(createSign(wrong)).toBeUndefined();
    },
  );
});
