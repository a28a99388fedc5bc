import { onTestFinished, vi } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { answered, beatMs, keys, openConnection, type WatchedRedis } from './counting.fixture.ts';
import { createLimiter, type LimiterOptions } from './limiter.ts';

export const log = createLogger({ app: 'test', level: 'silent' });
export const minute = 60_000;
/** The limit that is tried where it does not matter which. */
export const limit = { name: 'n', max: 3, windowMs: minute };
/** Where it is counted in Redis. */
export const counted = (key: string) => `actp:rate:${limit.name}:${key}`;

/** One gateway's limiter, with a connection of its own; it counts alone as soon as it is the only one. */
export async function openLimiter(redis: WatchedRedis, options: LimiterOptions = { graceMs: 0 }) {
  const connection = await openConnection(redis);
  const limiter = createLimiter(connection, log, options);
  onTestFinished(() => limiter.close());
  return {
    ...limiter,
    connection,
    /** Moves the clock, and waits until what is asked then is answered. */
    async pass(ms: number) {
      vi.advanceTimersByTime(ms);
      await answered(connection);
    },
    async hits(times: number, key: string) {
      const counts = [];
      for (let i = 0; i < times; i += 1) counts.push(await limiter.hit(limit, key));
      return counts;
    },
  };
}

/** The only gateway: for ever by the clock of Redis, for so long by its own. */
export async function openAlone(redis: WatchedRedis, ms: number, options: LimiterOptions = {}) {
  const one = await openLimiter(redis, { graceMs: 0, ...options });
  await one.pass(beatMs);
  const [id] = await redis.other.zrange(keys.members, 0, -1);
  await redis.other.set(keys.since, `${id} 1`);
  await one.pass(ms);
  return one;
}

/** Another gateway has counted so many attempts, half a minute ago. */
export async function countedByAnother(redis: WatchedRedis, times: number, key: string): Promise<void> {
  const at = (await redis.time()) - minute / 2;
  for (let i = 0; i < times; i += 1) await redis.other.zadd(counted(key), at + i, `another-${i}`);
}
