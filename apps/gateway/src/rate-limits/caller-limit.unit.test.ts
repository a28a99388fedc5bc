import { describe, expect, it } from 'vitest';
import type { AppError } from '@actp/shared/errors';
import type { Caller } from '../app-env.ts';
import { atRequest } from '../auth/request.fixture.ts';
import { callerLimit } from './caller-limit.ts';
import type { Limit } from './limiter.ts';

const agent: Caller = { kind: 'agent', id: 'buyer' };
const person = (kind: 'user' | 'operator'): Caller => ({ kind, id: 'the-account', email: 'a@example.com' });

/** What is counted for a request, and how it is answered when there is room again in so many milliseconds. */
async function ask(request: { caller?: Caller; local?: boolean }, roomInMs?: number) {
  const counted: Array<[Limit, string]> = [];
  const assert = callerLimit({
    config: { rateLimitPerUser: 3, rateLimitPerAgent: 5 } as Parameters<typeof callerLimit>[0]['config'], // all that it reads
    rateLimiter: {
      hit: async (limit, id) => {
        counted.push([limit, id]);
        return { allowed: roomInMs === undefined, used: 1, roomInMs: roomInMs ?? 0 };
      },
      peek: () => Promise.reject(new Error('not asked')),
      forget: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
  });
  return atRequest(request, async (c) => {
    const error = await Promise.resolve(assert(c)).catch((thrown: AppError) => thrown);
    const { code, message, retryAfter } = error ?? {};
    const headers = [c.res.headers.get('ratelimit-policy'), c.res.headers.get('ratelimit')];
    return { counted, error: error && { code, message, retryAfter }, headers };
  });
}

describe('[NEXT-001] the limit of a caller', () => {
  const user = { name: 'user', max: 3, windowMs: 60_000 };
  it.each<[Caller, Limit, string]>([
    [agent, { name: 'agent', max: 5, windowMs: 60_000 }, 'buyer'],
    [person('user'), user, 'the-account'],
    [person('operator'), user, 'the-account'],
  ])('is counted for %j', async (caller, limit, id) => {
    expect(await ask({ caller })).toEqual({
      counted: [[limit, id]],
      error: undefined,
      headers: [null, null],
    });
  });

  it.each([
    [agent, 1_001, 2, 'more than 5 requests of this agent in a minute', 5],
    [person('operator'), 0, 1, 'more than 3 requests of this user in a minute', 3],
  ])('refuses %j, with when to come back', async (caller, roomInMs, retryAfter, message, max) => {
    const { error, headers } = await ask({ caller }, roomInMs);
    expect(error).toEqual({ code: 'rate_limited', message, retryAfter });
    expect(headers).toEqual([`${max};w=60`, `limit=${max}, remaining=0, reset=${retryAfter}`]);
  });

  it('is not for this machine itself, and not before the caller is known', async () => {
    for (const request of [{ caller: agent, local: true }, {}]) {
      expect(await ask(request, 1_000)).toEqual({ counted: [], error: undefined, headers: [null, null] });
    }
  });
});
