import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintApiKey, mintServiceRoleKey } from './keys.ts';

const morning = new Date('2026-11-02T00:00:00Z');
const evening = new Date('2026-11-02T23:59:59Z');
const secret = 'a-jwt-secret-of-at-least-32-characters';

describe('an API key', () => {
  it('is a JWT for the service role, signed with the secret, and the same at every start of a day', () => {
    const [head = '', body = '', signature] = mintServiceRoleKey(secret, morning).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
    expect(claims).toMatchObject({ role: 'service_role', iss: 'supabase' });
    const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
    expect(signature).toBe(expected);
    expect(mintServiceRoleKey(secret, morning)).toBe(mintApiKey(secret, 'service_role', evening));
  });

  it('[TRU-007] ends a year after the day on which it was minted, and the next day mints another', () => {
    const claims = (now: Date) =>
      JSON.parse(
        Buffer.from(mintServiceRoleKey(secret, now).split('.')[1] ?? '', 'base64url').toString(),
      ) as {
        iat: number;
        exp: number;
      };
    const { iat, exp } = claims(evening);
    expect(new Date(iat * 1_000)).toEqual(morning);
    expect(new Date(exp * 1_000)).toEqual(new Date('2027-11-02T00:00:00Z'));
    expect(claims(new Date('2026-11-03T00:00:00Z')).exp).toBe(exp + 86_400);
  });
});
