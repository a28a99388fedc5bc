import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operator, operatorToken } from '../../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
await operatorToken(gateway);

const login = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/v1/auth/login`, json(body, headers));

async function problemOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return (await answer.json()) as Record<string, unknown>;
}

describe('POST /v1/auth/login', () => {
  it('gives an operator a token that works where operators are wanted', async () => {
    const answer = await login(operator);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = (await answer.json()) as Record<string, string>;
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 43_200 });
    const headers = { authorization: `Bearer ${body['access_token']}` };
    for (const path of ['/v1/schedules', '/metrics', '/dashboard/api/queues']) {
      expect((await fetch(`${gateway.url}${path}`, { headers })).status).toBe(200);
    }
  });

  it('compares addresses without case', async () => {
    for (const email of [operator.email.toUpperCase(), ` ${operator.email.toLowerCase()} `]) {
      expect((await login({ ...operator, email })).status).toBe(200);
    }
  });

  it('answers alike to a wrong password, an unknown address and what no account can have', async () => {
    const wrong = [
      { ...operator, password: 'wrong' },
      { ...operator, password: operator.password.toUpperCase() },
      { ...operator, password: '' },
      { ...operator, password: `${operator.password} ` },
      { ...operator, password: 'p'.repeat(900_000) },
      { ...operator, email: 'nobody@example.com' },
      { ...operator, email: '' },
      { ...operator, email: `${'a'.repeat(1_000)}@example.com` },
      { ...operator, email: `%@example.com` },
      { ...operator, email: `' or 1=1 --` },
    ];
    const problems = [];
    for (const body of wrong) {
      const answer = await login(body);
      expect([answer.status, body.email.slice(0, 20)]).toEqual([401, body.email.slice(0, 20)]);
      const { request_id, ...problem } = await problemOf(answer);
      expect(request_id).toBe(answer.headers.get('x-request-id'));
      problems.push(JSON.stringify(problem));
    }
    expect(new Set(problems).size).toBe(1);
  });

  it.each<[why: string, body: unknown]>([
    ['no password', { email: operator.email }],
    ['no address', { password: operator.password }],
    ['a number', { ...operator, password: 1 }],
    ['an object', { ...operator, email: { $ne: null } }],
    ['an array', { ...operator, email: [operator.email] }],
    ['null', { ...operator, password: null }],
    ['an unknown key', { ...operator, role: 'operator' }],
    ['an array of them', [operator]],
    ['a string', 'login'],
    ['a NUL in the address', { ...operator, email: `${operator.email}\0` }],
    ['a NUL in the password', { ...operator, password: `${operator.password}\0` }],
    ['half a character', { ...operator, email: '\ud800@example.com' }],
  ])('answers 400 to %s', async (_why, body) => {
    const answer = await login(body);
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({ code: 'validation_failed', errors: [{}] });
  });

  it('answers 400 to a body that is no JSON, or none at all', async () => {
    expect((await fetch(`${gateway.url}/v1/auth/login`, { method: 'POST' })).status).toBe(400);
    const form = new URLSearchParams(operator);
    const answer = await fetch(`${gateway.url}/v1/auth/login`, { method: 'POST', body: form });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({ errors: [{ field: 'Content-Type' }] });
  });

  it('keeps passwords as argon2id hashes only', async () => {
    const { rows } = await stores.sql.query<{ email: string; password_hash: string; role: string }>(
      'select email, password_hash, role from actp_users',
    );
    expect(rows).toEqual([
      {
        email: operator.email.toLowerCase(),
        password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
        role: 'operator',
      },
    ]);
  });

  it('says 503, and when to come back, while the database is away', async () => {
    await stores.postgrest.stop(true);
    const answer = await login(operator);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ code: 'unavailable', detail: 'the database is unavailable' });
  });
});
