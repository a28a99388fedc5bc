import type { MiddlewareHandler } from 'hono';
import { rateLimiter, type Store } from 'hono-rate-limiter';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { rateLimitKey } from '../http/client-address.ts';
import { problem } from '../http/problem.ts';
import type { Limit, Limiter } from './limiter.ts';

const unlimited = new Set(['/healthz', '/readyz', '/metrics']);

/** So many requests per client address and minute; connections from this machine itself are exempt. */
export function rateLimit(deps: Pick<AppDeps, 'config' | 'rateLimiter'>): MiddlewareHandler<AppEnv> {
  const limit: Limit = { name: 'ip', max: deps.config.rateLimitPerMinute, windowMs: 60_000 };
  const limited = rateLimiter<AppEnv>({
    windowMs: limit.windowMs,
    limit: limit.max,
    standardHeaders: 'draft-7',
    store: storeOf(deps.rateLimiter, limit),
    keyGenerator: (c) => rateLimitKey(c.get('clientIp')),
    handler: (c) => problem(c, 'rate_limited', `more than ${limit.max} requests in a minute`),
  });
  return (c, next) => (c.get('local') || unlimited.has(c.req.path) ? next() : limited(c, next));
}

/** The library's store, on our counting. */
function storeOf(limiter: Limiter, limit: Limit): Store<AppEnv> {
  return {
    async increment(key) {
      const { used, roomInMs } = await limiter.hit(limit, key);
      return { totalHits: used, resetTime: new Date(Date.now() + roomInMs) };
    },
    // Called for requests that shall not count; all of ours do.
    decrement: () => undefined,
    resetKey: (key) => limiter.forget(limit, key),
  };
}
