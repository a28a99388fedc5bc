import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operator, operatorToken, secret } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, {
  TRUSTED_PROXIES: ['127.0.0.1'],
  RATE_LIMIT_PER_USER: 3,
  RATE_LIMIT_PER_AGENT: 5,
});
const token = await operatorToken(gateway);

let address = 0;
/** From a new address each time, so that only the caller's own limit can be met. */
const ask = (headers: Record<string, string>) => {
  address += 1;
  return fetch(`${gateway.url}/v1/schedules`, {
    headers: { 'x-forwarded-for': `198.51.100.${address}`, ...headers },
  });
};
const asAgent = (id: string) => ask({ authorization: `Bearer ${secret}`, 'x-agent-id': id });
const asOperator = () => ask({ authorization: `Bearer ${token}` });

describe('limits per caller', () => {
  it('[NEXT-001] lets an agent make so many requests, from wherever, and answers 429 to the next', async () => {
    for (let i = 0; i < 5; i += 1) expect((await asAgent('buyer')).status).toBe(200);
    const refused = await asAgent('buyer');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-policy')).toBe('5;w=60');
    expect(refused.headers.get('ratelimit')).toMatch(/^limit=5, remaining=0, reset=\d+$/);
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: 'more than 5 requests of this agent in a minute',
    });
    expect((await asAgent('seller')).status).toBe(200);
  });

  it('[NEXT-001] counts a user likewise, and apart from agents', async () => {
    for (let i = 0; i < 3; i += 1) expect((await asOperator()).status).toBe(200);
    const refused = await asOperator();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      detail: 'more than 3 requests of this user in a minute',
    });
  });

  it('exempts connections from this machine', async () => {
    for (let i = 0; i < 8; i += 1) expect((await gateway.fetch('/v1/schedules')).status).toBe(200);
  });
});

describe('failed logins', () => {
  const login = (email: string, password: string, from?: string) =>
    fetch(
      `${gateway.url}/v1/auth/login`,
      json({ email, password }, from === undefined ? {} : { 'x-forwarded-for': from }),
    );
  const right = () => login(operator.email, operator.password);
  const all = (status: number, count: number) => Array.from({ length: count }, () => status);

  it('are limited per account, also from this machine, and the right password does not help then', async () => {
    const forms = [operator.email, operator.email.toUpperCase(), ` ${operator.email.toLowerCase()}`];
    // Many at once get no more answers than one after the other.
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, i) => login(forms[i % 3] ?? '', `guess-${i}`)),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...all(401, 10), ...all(429, 15)]);
    const refused = await right();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
    const form = await fetch(`${gateway.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(operator),
    });
    expect([form.status, await form.text()]).toEqual([
      429,
      expect.stringContaining('Too many failed logins. Try again in 15 min.'),
    ]);
  });

  it('are limited alike for accounts that do not exist', async () => {
    const statuses = [];
    for (let i = 0; i < 12; i += 1) statuses.push((await login('nobody@example.com', 'x')).status);
    expect(statuses).toEqual([...all(401, 10), 429, 429]);
  });

  it('are limited per address over all accounts', async () => {
    const from = '203.0.113.9';
    const statuses = [];
    for (let i = 0; i < 32; i += 1) statuses.push((await login(`u${i}@example.com`, 'x', from)).status);
    expect(statuses).toEqual([...all(401, 30), 429, 429]);
    expect((await login('u99@example.com', 'x', '203.0.113.10')).status).toBe(401);
  });

  it('do not count what succeeds, and a success starts the account anew', async () => {
    const own = await openGateway(await openStores());
    await operatorToken(own);
    const attempt = async (password: string) =>
      (await own.fetch('/v1/auth/login', json({ ...operator, password }))).status;
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 9; i += 1) expect(await attempt('wrong')).toBe(401);
      const rights = await Promise.all(Array.from({ length: 12 }, () => attempt(operator.password)));
      expect(rights).toEqual(all(200, 12));
    }
  });
});
