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

/**
 * Counts requests in Redis, so that several gateways share one limit. While Redis is away each gateway counts by
 * itself: the limit holds per process, and nobody gets a 500 or an open door.
 */
export function createRateLimitStore(redis: Redis | Cluster, log: Logger): Store<AppEnv> {
  const fallback = new MemoryStore<AppEnv>();
  let windowMs = 60_000;
  let away = false;

  const hit = async (key: string): Promise<ClientRateLimitInfo> => {
    try {
      // The script answers two integers.
      const [hits, left] = (await redis.eval(countHit, 1, keyOf(key), windowMs)) as [number, number];
      if (away) log.info('rate limits are counted in redis again');
      away = false;
      return { totalHits: hits, resetTime: new Date(Date.now() + left) };
    } catch (error) {
      if (!away) log.warn({ err: error }, 'rate limits are counted in this process');
      away = true;
      return fallback.increment(key);
    }
  };

  return {
    init(options: HonoConfigType<AppEnv>) {
      windowMs = options.windowMs;
      fallback.init(options);
    },
    increment: hit,
    async decrement(key) {
      await redis.decr(keyOf(key)).catch(() => fallback.decrement(key));
    },
    async resetKey(key) {
      fallback.resetKey(key);
      await redis.del(keyOf(key)).catch(() => undefined);
    },
    shutdown: () => fallback.shutdown(),
  };
}

const keyOf = (key: string) => `actp:rate:${key}`;
