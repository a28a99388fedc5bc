import { randomUUID } from 'node:crypto';
import { decode, sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { issueDeviceToken, readDeviceToken } from './device-token.ts';

const secret = 'the secret that signs these devices, 32+';
const [account, device] = [randomUUID(), randomUUID()];
const now = () => Math.floor(Date.now() / 1_000);
const claims = (over: Record<string, unknown> = {}) => ({
  ...{ iss: 'actp-worker', aud: 'actp-device', sub: account, did: device, exp: now() + 3_600 },
  ...over,
});

describe('[TRU-003] the token of a device', () => {
  it('is of one account and one device, for 90 days', async () => {
    const token = await issueDeviceToken(secret, account, device);
    expect(await readDeviceToken(secret, token, account)).toBe(device);
    const { payload } = decode(token);
    expect(payload).toMatchObject(claims({ exp: expect.any(Number) as number }));
    expect(Math.abs((payload.exp ?? 0) - now() - 90 * 86_400)).toBeLessThan(3_600);
  });

  it('gives a device that is new an id of its own', async () => {
    const read = async () => readDeviceToken(secret, await issueDeviceToken(secret, account), account);
    const [first, second] = [await read(), await read()];
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another account', { sub: randomUUID() }],
    ['for another purpose', { aud: 'actp-api' }],
    ['of another issuer', { iss: 'somebody' }],
    ['without a device', { did: undefined }],
    ['of a device without a proper id', { did: 'x' }],
    ['without an end', { exp: undefined }],
    ['that is over', { exp: now() - 60 }],
  ])('is not believed %s', async (_what, over) => {
    expect(await readDeviceToken(secret, await sign(claims(over), secret, 'HS256'), account)).toBeUndefined();
  });

  it('is not believed when it is missing, forged, or signed in another way', async () => {
    expect(await readDeviceToken(secret, undefined, account)).toBeUndefined();
    expect(await readDeviceToken(secret, 'x.y.z', account)).toBeUndefined();
    expect(
      await readDeviceToken(secret, await sign(claims(), 'another secret', 'HS256'), account),
    ).toBeUndefined();
    expect(await readDeviceToken(secret, await sign(claims(), secret, 'HS512'), account)).toBeUndefined();
    expect(await readDeviceToken(secret, await sign(claims(), secret, 'HS256'), account)).toBe(device);
  });
});
