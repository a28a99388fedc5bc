import type { MiddlewareHandler } from 'hono';
import { rateLimiter } from 'hono-rate-limiter';
import type { AppDeps, AppEnv } from '../context.ts';
import { rateLimitKey } from './client-address.ts';
import { problem } from './problem.ts';

const windowMs = 60_000;
const unlimited = new Set(['/healthz', '/readyz', '/metrics']);

/** So many requests per client address and minute; connections from this machine itself are exempt. */
export function rateLimit(deps: AppDeps): MiddlewareHandler<AppEnv> {
  const limit = deps.config.rateLimitPerMinute;
  const limited = rateLimiter<AppEnv>({
    windowMs,
    limit,
    standardHeaders: 'draft-7',
    store: deps.rateLimitStore,
    keyGenerator: (c) => rateLimitKey(c.get('clientIp')),
    handler: (c) => problem(c, 'rate_limited', `more than ${limit} requests in a minute`),
  });
  return (c, next) => (c.get('local') || unlimited.has(c.req.path) ? next() : limited(c, next));
}
