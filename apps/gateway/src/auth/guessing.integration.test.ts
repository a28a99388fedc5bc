import { sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import {
  json,
  openGateway,
  operator,
  personSession,
  sessionSecret,
  type TestGateway,
} from '../gateway.fixture.ts';

type Guess = { email?: string; password: string; from?: string; device?: string };

function at(gateway: TestGateway) {
  const login = ({ email = operator.email, password, from, device }: Guess) =>
    fetch(
      `${gateway.url}/v1/auth/login`,
      json(
        { email, password },
        {
          ...(from !== undefined && { 'x-forwarded-for': from }),
          ...(device !== undefined && { 'x-device-token': device }),
        },
      ),
    );
  const statuses = async (count: number, guess: Omit<Guess, 'password'> = {}) => {
    const all = [];
    for (let i = 0; i < count; i += 1) all.push((await login({ ...guess, password: `guess ${i}` })).status);
    return all;
  };
  const right = (over: Partial<Guess> = {}) => login({ password: operator.password, ...over });
  const device = () =>
    eventually(async () => {
      const answer = await right();
      return answer.status === 200 && (answer.headers.get('x-device-token') ?? false);
    });
  return { login, statuses, right, device };
}
const all = (status: number, count: number) => Array.from({ length: count }, () => status);

describe('[TRU-003] somebody who guesses on this machine, where all addresses are the same', async () => {
  const stores = await openStores();
  const gateway = await openGateway(stores);
  const { login, statuses, right, device } = at(gateway);
  const known = await device();
  const { token: session } = await personSession(stores, { email: 'other@example.com', role: 'operator' });
  const account = JSON.parse(Buffer.from(known.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
  };

  it('does not lock out a device that has logged in before, again and again', async () => {
    expect(await statuses(12)).toEqual([...all(401, 10), 429, 429]);
    expect((await right()).status).toBe(429);
    for (let i = 0; i < 3; i += 1) {
      const answer = await right({ device: known });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-device-token')).not.toBe('');
      expect(await statuses(2)).toEqual([429, 429]);
    }
  });

  it('does not lock the page out either', async () => {
    const page = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { accept: 'application/json', 'x-device-token': known },
      body: new URLSearchParams(operator),
    });
    expect([page.status, await page.json()]).toEqual([
      200,
      { next: '/dashboard', page_token: expect.any(String), device_token: expect.any(String) },
    ]);
    const other = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(operator),
    });
    expect([other.status, await other.json()]).toEqual([
      429,
      { message: expect.stringMatching(/^Too many failed logins. Try again in \d+ min.$/) },
    ]);
    expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it.each<[what: string, token: () => Promise<string> | string]>([
    ['garbage', () => 'a.b.c'],
    ['a session’s token', () => session],
    ['changed', () => known.replace(/\.[^.]+\./, `.${Buffer.from('{}').toString('base64url')}.`)],
    [
      'signed with another key',
      () =>
        sign(
          { iss: 'actp-worker', aud: 'actp-device', sub: account.sub, did: account.sub, exp: 9_999_999_999 },
          'another key of the same length',
        ),
    ],
    [
      'of another account',
      () =>
        sign(
          {
            iss: 'actp-worker',
            aud: 'actp-device',
            sub: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11',
            did: account.sub,
            exp: 9_999_999_999,
          },
          sessionSecret,
        ),
    ],
    [
      'without an account',
      () =>
        sign({ iss: 'actp-worker', aud: 'actp-device', did: account.sub, exp: 9_999_999_999 }, sessionSecret),
    ],
    [
      'past its time',
      () =>
        sign({ iss: 'actp-worker', aud: 'actp-device', ...account, did: account.sub, exp: 1 }, sessionSecret),
    ],
  ])('is no known device with a token that is %s', async (_what, token) => {
    expect((await right({ device: await token() })).status).toBe(429);
  });

  it('opens nothing with a device’s token, and has only as many guesses with it', async () => {
    const headers = { authorization: `Bearer ${known}` };
    expect((await gateway.fetch('/v1/sessions', { headers })).status).toBe(401);
    const page = { cookie: `actp_session=${known}`, 'x-page-token': known };
    expect((await fetch(`${gateway.url}/dashboard/api/queues`, { headers: page })).status).toBe(401);
    expect(await statuses(12, { device: known })).toEqual([...all(401, 10), 429, 429]);
    expect((await right({ device: known })).status).toBe(429);
  });

  it('is named in an alert, with the account and how often', async () => {
    const alert = await eventually(async () => {
      const { rows } = await stores.sql.query<{ body: string }>(
        `select body from actp_notifications where kind = 'auth.guessing' order by created_at`,
      );
      return rows.length >= 2 && rows;
    });
    expect(alert[0]?.body).toContain('10 failed logins to op@example.com within 15 minutes, from 127.0.0.1.');
    expect(alert[1]?.body).toContain('from a known device at 127.0.0.1');
    expect(JSON.stringify(alert)).not.toContain('guess 1');
  });

  it('learns nothing about which accounts there are', async () => {
    const bodies = new Set<string>();
    await stores.sql.query(`update actp_users set disabled_at = now() where email = 'other@example.com'`);
    await stores.sql.query(
      `insert into actp_users (email, role, invite_hash, invite_expires_at) values ('invited@example.com', 'operator', sha256('x'), now() + interval '1 day')`,
    );
    const accounts = [
      { email: 'nobody@example.com', password: 'x' },
      { email: 'invited@example.com', password: 'x' },
      { email: 'other@example.com', password: 'x' },
      // Disabled, and the password is right.
      { email: 'other@example.com', password: 'the password of a mere user' },
    ];
    for (const guess of accounts) {
      const answer = await login(guess);
      expect([answer.status, answer.headers.get('x-device-token')]).toEqual([401, null]);
      const { request_id, ...problem } = (await answer.json()) as Record<string, unknown>;
      expect(request_id).toEqual(expect.any(String));
      bodies.add(JSON.stringify(problem));
    }
    expect(bodies.size).toBe(1);
    expect(await statuses(12, { email: 'invited@example.com' })).toEqual([...all(401, 9), 429, 429, 429]);
  });
});

describe('[TRU-003] somebody who guesses from elsewhere', async () => {
  const stores = await openStores();
  const gateway = await openGateway(stores, {
    TRUSTED_PROXIES: ['127.0.0.1'],
    LOGIN_FAILURES_PER_15_MINUTES: 2,
    RATE_LIMIT_PER_MINUTE: 1_000,
  });
  const { statuses, right, device } = at(gateway);
  const known = await device();

  it('does not lock out who comes from another address', async () => {
    expect(await statuses(4, { from: '203.0.113.1' })).toEqual([401, 401, 429, 429]);
    expect((await right({ from: '203.0.113.1' })).status).toBe(429);
    expect((await right({ from: '198.51.100.1' })).status).toBe(200);
    // The /64 of an IPv6 customer is one address.
    expect(await statuses(2, { from: '2001:db8::1' })).toEqual([401, 401]);
    expect((await right({ from: '2001:db8::2' })).status).toBe(429);
  });

  it('has a bounded number of guesses from all addresses together, and known devices go on', async () => {
    const counted = [];
    for (let i = 10; i < 40; i += 1) counted.push(...(await statuses(1, { from: `203.0.113.${i}` })));
    // Four of the twenty were used up before.
    expect(counted).toEqual([...all(401, 16), ...all(429, 14)]);
    expect((await right({ from: '198.51.100.2' })).status).toBe(429);
    expect((await right({ from: '198.51.100.2', device: known })).status).toBe(200);
    const { rows } = await eventually(async () => {
      const found = await stores.sql.query<{ body: string }>(
        `select body from actp_notifications where kind = 'auth.guessing' and body like '🔑 20 failed logins%'`,
      );
      return found.rows.length > 0 && found;
    });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.body).toContain('to op@example.com within 15 minutes, from 203.0.113.1, ');
  });

  it('does not use up the limit of an account by a flood from one address', async () => {
    await personSession(stores, {
      email: 'flooded@example.com',
      role: 'operator',
      password: 'the right password',
    });
    const email = 'flooded@example.com';
    const flood = await Promise.all(
      Array.from({ length: 60 }, () => at(gateway).login({ email, password: 'x', from: '203.0.113.99' })),
    );
    expect(flood.filter(({ status }) => status === 401)).toHaveLength(2);
    expect(
      (await at(gateway).login({ email, password: 'the right password', from: '198.51.100.3' })).status,
    ).toBe(200);
  });
});
