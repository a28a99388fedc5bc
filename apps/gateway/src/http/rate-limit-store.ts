import { MemoryStore, type ClientRateLimitInfo, type HonoConfigType, type Store } from 'hono-rate-limiter';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import type { AppEnv } from '../context.ts';

// Counts and sets the window's end in one step; answers the count and the milliseconds left.
const countHit = `
local hits = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { hits, left }`;

export interface RateLimitStore extends Store<AppEnv> {
  /** Stops counting in this process. */
  shutdown(): void;
}

/**
 * Counts requests in Redis, so that several gateways share one limit, and in this process as well: while Redis is away
 * or slow the limit holds per process, nobody gets a 500 or an open door, and a flood does not reach Redis.
 */
export function createRateLimitStore(redis: Redis | Cluster, log: Logger): RateLimitStore {
  const own = new MemoryStore<AppEnv>();
  let windowMs = 60_000;
  let limit = Number.POSITIVE_INFINITY;
  let away = false;

  const hit = async (key: string): Promise<ClientRateLimitInfo> => {
    // A copy: the store goes on counting in the object that it gave.
    const here = { ...own.increment(key) };
    if (here.totalHits > limit) return here;
    try {
      // The script answers two integers.
      const [hits, left] = (await redis.eval(countHit, 1, keyOf(key), windowMs)) as [number, number];
      if (away) log.info('rate limits are counted in redis again');
      away = false;
      // Ours is larger when some were not counted in time, or when Redis lost its memory.
      return hits < here.totalHits ? here : { totalHits: hits, resetTime: new Date(Date.now() + left) };
    } catch (error) {
      if (!away) log.warn({ err: error }, 'rate limits are counted in this process');
      away = true;
      return here;
    }
  };

  return {
    init(options: HonoConfigType<AppEnv>) {
      windowMs = options.windowMs;
      if (typeof options.limit === 'number') limit = options.limit;
      own.init(options);
    },
    increment: hit,
    async decrement(key) {
      own.decrement(key);
      await redis.decr(keyOf(key)).catch(() => undefined);
    },
    async resetKey(key) {
      own.resetKey(key);
      await redis.del(keyOf(key)).catch(() => undefined);
    },
    shutdown: () => own.shutdown(),
  };
}

const keyOf = (key: string) => `actp:rate:${key}`;
