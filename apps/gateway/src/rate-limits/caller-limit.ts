import type { Context } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import type { Limit } from './limiter.ts';

export type AssertCallerLimit = (c: Context<AppEnv>) => Promise<void> | void;

/**
 * So many requests per user and per agent and minute, from wherever they come: known once the credential is. Connections
 * from this machine itself are exempt, as from the limit per address.
 *
 * @returns a function that throws AppError `rate_limited`
 */
export function callerLimit(deps: Pick<AppDeps, 'config' | 'rateLimiter'>): AssertCallerLimit {
  const minute = 60_000;
  const limits = {
    user: { name: 'user', max: deps.config.rateLimitPerUser, windowMs: minute },
    agent: { name: 'agent', max: deps.config.rateLimitPerAgent, windowMs: minute },
  } satisfies Record<string, Limit>;

  return (c) => {
    const caller = c.get('caller');
    if (caller === undefined || c.get('local')) return undefined;
    const kind = caller.kind === 'agent' ? 'agent' : 'user';
    return assert(c, kind, limits[kind], caller.id);
  };

  async function assert(c: Context<AppEnv>, kind: string, limit: Limit, id: string): Promise<void> {
    const { allowed, roomInMs } = await deps.rateLimiter.hit(limit, id);
    if (allowed) return;
    const retryAfter = Math.max(1, Math.ceil(roomInMs / 1_000));
    // This limit is what the caller has met, not that of the address, which had room.
    c.header('RateLimit-Policy', `${limit.max};w=60`);
    c.header('RateLimit', `limit=${limit.max}, remaining=0, reset=${retryAfter}`);
    throw new AppError('rate_limited', `more than ${limit.max} requests of this ${kind} in a minute`, {
      retryAfter,
    });
  }
}
