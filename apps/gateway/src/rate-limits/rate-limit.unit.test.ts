import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { rateLimit } from './rate-limit.ts';

/** An app whose limit is 5, and that has counted so many requests of a client. */
function open(used: number, { clientIp = '203.0.113.7', local = false } = {}) {
  const hits: unknown[] = [];
  const forgotten: unknown[] = [];
  const rateLimiter = {
    async hit(...what: unknown[]) {
      hits.push(what);
      return { allowed: used <= 5, used, roomInMs: 30_000 };
    },
    async forget(...what: unknown[]) {
      forgotten.push(what);
    },
  };
  const deps = { config: { rateLimitPerMinute: 5 }, rateLimiter };
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    c.set('clientIp', clientIp);
    c.set('local', local);
    c.set('requestId', 'the-request');
    await next();
  });
  app.use(rateLimit(deps as unknown as Pick<AppDeps, 'config' | 'rateLimiter'>)); // nothing else is used
  app.all('/forget', async (c) => {
    // What the library offers to routes; the type of a context cannot know it.
    const store = c.get('rateLimitStore' as never) as { resetKey: (key: string) => Promise<void> };
    await store.resetKey('203.0.113.8');
    return c.text('forgotten');
  });
  app.all('*', (c) => c.text('served'));
  return { app, hits, forgotten };
}

describe('requests of a client', () => {
  it('are served up to the limit, and the client is told how many are left', async () => {
    const { app, hits } = open(5);
    const answer = await app.request('/v1/guard');
    expect(await answer.text()).toBe('served');
    expect(answer.headers.get('ratelimit-policy')).toBe('5;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/^limit=5, remaining=0, reset=(?:[12]\d|30)$/);
    expect(hits).toEqual([[{ name: 'ip', max: 5, windowMs: 60_000 }, '203.0.113.7']]);
  });

  it('are refused beyond it, with the time to wait', async () => {
    const { app } = open(6);
    const answer = await app.request('/v1/guard');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^(?:[12]\d|30)$/);
    expect(await answer.json()).toMatchObject({
      code: 'rate_limited',
      detail: 'more than 5 requests in a minute',
    });
  });

  it('are those of a network where it is one of IPv6', async () => {
    const { app, hits } = open(1, { clientIp: '2001:db8:1:2::7' });
    await app.request('/');
    expect(hits).toMatchObject([[{ name: 'ip' }, '2001:db8:1:2::/64']]);
  });

  it('are forgotten where a route says so', async () => {
    const { app, forgotten } = open(1);
    await app.request('/forget');
    expect(forgotten).toEqual([[{ name: 'ip', max: 5, windowMs: 60_000 }, '203.0.113.8']]);
  });

  it.each([
    ['/v1/guard', true],
    ['/healthz', false],
    ['/readyz', false],
    ['/metrics', false],
  ])('are not counted: %s, from this machine: %j', async (path, local) => {
    const { app, hits } = open(6, { local });
    expect(await (await app.request(path)).text()).toBe('served');
    expect(hits).toEqual([]);
  });
});
