import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, secret, type TestGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const behindProxy = { TRUSTED_PROXIES: ['127.0.0.1'] };
const gateway = await openGateway(stores, behindProxy);
const twin = await openGateway(stores, behindProxy);
const direct = await openGateway(stores, { RATE_LIMIT_PER_MINUTE: 2 });

// A cheap route that is limited.
const ask = (one: TestGateway, forwardedFor?: string, path = '/openapi.json') =>
  one.fetch(path, forwardedFor === undefined ? {} : { headers: { 'x-forwarded-for': forwardedFor } });

/** Statuses of so many requests, a few at a time, as one number each. */
async function statuses(count: number, send: (index: number) => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let from = 0; from < count; from += 20) {
    const batch = Array.from({ length: Math.min(20, count - from) }, (_, i) => send(from + i));
    for (const answer of await Promise.all(batch)) {
      seen.push(answer.status);
      await answer.body?.cancel();
    }
  }
  return seen.toSorted((a, b) => a - b);
}

const all = (status: number, count: number) => Array.from({ length: count }, () => status);

describe('the rate limit', () => {
  it('[SEC-013] lets 60 requests of a client pass in a minute and answers 429 to the next', async () => {
    expect(await statuses(60, () => ask(gateway, '198.51.100.1'))).toEqual(all(200, 60));
    const refused = await ask(gateway, '198.51.100.1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused.json()).toMatchObject({ status: 429, code: 'rate_limited' });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit-policy')).toBe('60;w=60');
    expect(refused.headers.get('ratelimit')).toMatch(/^limit=60, remaining=0, reset=\d+$/);
    expect(refused.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('counts each client for itself', async () => {
    const answer = await ask(gateway, '198.51.100.2');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit')).toMatch(/^limit=60, remaining=59, reset=\d+$/);
  });

  it('[SEC-013] exempts connections from this machine', async () => {
    expect(await statuses(10, () => ask(direct))).toEqual(all(200, 10));
    const answer = await ask(direct);
    expect(answer.headers.get('ratelimit')).toBeNull();
  });

  it('ignores X-Forwarded-For unless a trusted proxy sent it', async () => {
    expect(await statuses(10, () => ask(direct, '198.51.100.3'))).toEqual(all(200, 10));
  });

  it('[POL-006] is not fooled by addresses that a client puts in front', async () => {
    const spoofed = (i: number) => ask(gateway, `10.9.8.${i}, 127.0.0.1, 198.51.100.4`);
    expect(await statuses(61, spoofed)).toEqual([...all(200, 60), 429]);
  });

  it('counts one address as one client however it is written', async () => {
    const forms = ['198.51.100.5', '::ffff:198.51.100.5', '[::ffff:c633:6405]:80', '198.51.100.5:4711'];
    expect(await statuses(61, (i) => ask(gateway, forms[i % 4]))).toEqual([...all(200, 60), 429]);
  });

  it('counts a whole /64 of IPv6 as one client', async () => {
    expect(await statuses(61, (i) => ask(gateway, `2001:db8:1:2::${i}`))).toEqual([...all(200, 60), 429]);
    expect((await ask(gateway, '2001:db8:1:3::1')).status).toBe(200);
  });

  it('is one limit for several gateways', async () => {
    const turns = (i: number) => ask(i % 2 === 0 ? gateway : twin, '198.51.100.6');
    expect(await statuses(62, turns)).toEqual([...all(200, 60), 429, 429]);
  });

  it('spares health, readiness and metrics', async () => {
    await statuses(61, () => ask(gateway, '198.51.100.7'));
    expect((await ask(gateway, '198.51.100.7')).status).toBe(429);
    for (const path of ['/healthz', '/metrics']) {
      expect((await ask(gateway, '198.51.100.7', path)).status).toBe(200);
    }
    expect((await ask(gateway, '198.51.100.7', '/readyz')).status).not.toBe(429);
  });

  it('comes before the credential, so that secrets cannot be guessed quickly', async () => {
    const guess = () =>
      fetch(`${gateway.url}/v1/jobs/selftest`, {
        method: 'POST',
        headers: { authorization: 'Bearer a-guess', 'x-forwarded-for': '198.51.100.8' },
      });
    expect(await statuses(61, guess)).toEqual([...all(401, 60), 429]);
  });

  it('[SEC-013] holds on every route, whoever serves it, and where there is none', async () => {
    const from = { 'x-forwarded-for': '198.51.100.12' };
    await statuses(60, () => ask(gateway, from['x-forwarded-for']));
    const served = gateway.app.routes.map(({ method, path }) => ({
      method: method === 'ALL' ? 'GET' : method,
      path: path.replaceAll(/:\w+/g, 'selftest').replace('*', 'x'),
    }));
    const spared = ['/healthz', '/readyz', '/metrics'];
    const limited = served.filter(({ path }) => !spared.includes(path));
    expect(limited.length).toBeGreaterThan(30);
    const open: string[] = [];
    for (const { method, path } of [...limited, { method: 'PUT', path: '/v1/guard' }]) {
      // Without a credential, and with a body that nobody takes.
      const body = method === 'GET' ? {} : { body: '[', headers: { ...from, 'content-type': 'x/y' } };
      const answer = await fetch(`${gateway.url}${path}`, {
        method,
        headers: from,
        redirect: 'manual',
        ...body,
      });
      await answer.body?.cancel();
      if (answer.status !== 429) open.push(`${method} ${path}: ${answer.status}`);
    }
    expect(open).toEqual([]);
  });

  it('refuses without waiting for a body', async () => {
    const from = '198.51.100.13';
    await statuses(60, () => ask(gateway, from));
    const socket = connect(gateway.port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.write(
      `POST /v1/guard HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: ${from}\r\n` +
        `Authorization: Bearer ${secret}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 429 /);
  });

  it('acts on nothing that has no room', async () => {
    const from = '198.51.100.14';
    await statuses(60, () => ask(gateway, from));
    const sent = json({ action: 'report.send', details: {} }, { 'x-forwarded-for': from });
    const answer = await gateway.fetch('/v1/approvals', sent);
    expect(answer.status).toBe(429);
    const { rows } = await stores.sql.query('select from actp_approval_queue');
    expect(rows).toEqual([]);
  });
});

describe('while Redis is away', () => {
  it('each gateway counts for itself: no open door and no 500', async () => {
    const redis = await openOwnRedis();
    const one = await openGateway(stores, { ...behindProxy, ...redis.env });
    const other = await openGateway(stores, { ...behindProxy, ...redis.env });
    expect((await ask(one, '198.51.100.9')).status).toBe(200);
    await redis.kill();
    expect(await statuses(62, () => ask(one, '198.51.100.10'))).toEqual([...all(200, 60), 429, 429]);
    expect((await ask(other, '198.51.100.10')).status).toBe(200);
    await redis.start();
    // Counted together again: one gateway sees what the other counted.
    await eventually(async () => {
      await ask(one, '198.51.100.11');
      const answer = await ask(other, '198.51.100.11');
      return /remaining=5[0-8],/.test(answer.headers.get('ratelimit') ?? '');
    });
  });
});
