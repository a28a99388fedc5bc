import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mintApiKey, mintServiceRoleKey } from './keys.ts';

const secret = 'a-jwt-secret-of-at-least-32-characters';

describe('an API key', () => {
  it('is a JWT for the service role, signed with the secret, and the same at every start', () => {
    const [head = '', body = '', signature] = mintServiceRoleKey(secret).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
    expect(claims).toMatchObject({ role: 'service_role', iss: 'supabase' });
    const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
    expect(signature).toBe(expected);
    expect(mintServiceRoleKey(secret)).toBe(mintApiKey(secret, 'service_role'));
  });
});
