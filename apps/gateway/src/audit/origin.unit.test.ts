import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { AppEnv } from '../app-env.ts';
import { loginActor, originOf } from './origin.ts';

const key = `${['gh', 'p_'].join('')}Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv0001`;

async function origin(userAgent: string) {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('requestId', 'the-request');
    c.set('clientIp', '203.0.113.7');
    await next();
  });
  app.get('/', (c) => c.json(originOf(c)));
  // As Node's server gives it.
  const incoming = { headers: { 'user-agent': userAgent } };
  const answer = await app.request('/', {}, { incoming });
  return (await answer.json()) as ReturnType<typeof originOf>;
}

it('[SEC-020] what a caller says of its program holds no secret, and fits its column', async () => {
  expect(await origin(`curl ${key}`)).toMatchObject({
    ip_address: '203.0.113.7',
    user_agent: expect.stringMatching(/^curl \[redacted[^\]]*\]$/),
    request_id: 'the-request',
  });
  expect((await origin('ab '.repeat(300))).user_agent).toHaveLength(512);
  expect((await origin('')).user_agent).toBe('none');
});

it.each([
  [' Ann@Example.com ', 'login:ann@example.com'],
  ['', 'anonymous'],
  ['a\0b', 'anonymous'],
  ['a\uD800', 'anonymous'],
])('who tries to log in as %j is %s', (email, actor) => expect(loginActor(email)).toBe(actor));

it('[SEC-020] an address that is a secret names nobody, in no case of its letters', () => {
  expect(loginActor(`${key}@example.com`)).toMatch(/^login:\[redacted/);
  expect(Array.from(loginActor('🙂'.repeat(2_000)))).toHaveLength('login:'.length + 120);
});
