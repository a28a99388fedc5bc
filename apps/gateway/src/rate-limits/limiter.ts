import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import { createSlidingWindow, type Count } from './sliding-window.ts';

/** So many in any span of that length. */
export interface Limit {
  /** Part of the key in Redis: what is counted apart has another name. */
  name: string;
  max: number;
  windowMs: number;
}

export interface Limiter {
  /** Counts one attempt of a key, or refuses it and counts nothing. Never throws. */
  hit(limit: Limit, key: string): Promise<Count>;
  /** What `hit` would answer, without counting. */
  peek(limit: Limit, key: string): Promise<Count>;
  /** Forgets what was counted for a key. */
  forget(limit: Limit, key: string): Promise<void>;
  /** Stops counting in this process. */
  close(): void;
}

// The times of the attempts that were let through, newest first, on Redis' own clock. What left the window is dropped; the
// list is never longer than the limit. Answers how many there are with this one, and the milliseconds until one leaves.
// Counts are not worth a write to the disk, which is what takes the time where every command is synced (set_repl): a Redis
// that comes back without them finds each gateway's own counts in force.
const countAttempt = `
pcall(redis.set_repl, redis.REPL_NONE)
local limit, window, add = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = tonumber(redis.call('LINDEX', KEYS[1], -1))
while oldest and oldest <= now - window do
  redis.call('RPOP', KEYS[1])
  oldest = tonumber(redis.call('LINDEX', KEYS[1], -1))
end
local used = redis.call('LLEN', KEYS[1])
if add and used < limit then
  redis.call('LPUSH', KEYS[1], now)
  redis.call('PEXPIRE', KEYS[1], window)
end
return { used + 1, (oldest or now) + window - now }`;

interface CountingRedis {
  actpCountAttempt(key: string, limit: number, windowMs: number, add: 0 | 1): Promise<[number, number]>;
}

const sweepMs = 30_000;

/**
 * Counts attempts in Redis, so that several gateways share one limit, and in this process as well: while Redis is away, slow
 * or has lost its memory the limit holds per process, and nobody gets a 500 or an open door. Who was refused is known here
 * until there is room, so that a flood does not reach Redis.
 */
export function createLimiter(redis: Redis | Cluster, log: Logger): Limiter {
  redis.defineCommand('actpCountAttempt', { numberOfKeys: 1, lua: countAttempt });
  // defineCommand adds the method; the library's type cannot know it.
  const counting = redis as unknown as CountingRedis;
  const own = createSlidingWindow();
  /** Until when a key is refused without asking, on performance.now(). */
  const refusedUntil = new Map<string, number>();
  let away = false;

  const timer = setInterval(() => {
    own.sweep();
    const now = performance.now();
    for (const [key, until] of refusedUntil) if (until <= now) refusedUntil.delete(key);
  }, sweepMs);
  timer.unref();

  const ask = async (limit: Limit, key: string, add: 0 | 1): Promise<Count | undefined> => {
    try {
      const [used, roomInMs] = await counting.actpCountAttempt(
        `actp:rate:${key}`,
        limit.max,
        limit.windowMs,
        add,
      );
      if (away) log.info('rate limits are counted in redis again');
      away = false;
      return { allowed: used <= limit.max, used, roomInMs };
    } catch (error) {
      if (!away) log.warn({ err: error }, 'rate limits are counted in this process');
      away = true;
      return undefined;
    }
  };

  return {
    async hit(limit, what) {
      const key = `${limit.name}:${what}`;
      const until = refusedUntil.get(key);
      const leftMs = until === undefined ? 0 : until - performance.now();
      if (leftMs > 0) return { allowed: false, used: limit.max + 1, roomInMs: leftMs };
      // Counted here before Redis is asked: of many at once while it is away no more than the limit get through.
      const here = own.hit(key, limit.max, limit.windowMs);
      if (!here.allowed) return here;
      const shared = await ask(limit, key, 1);
      if (shared === undefined) return here;
      if (!shared.allowed) {
        own.undo(key);
        refusedUntil.set(key, performance.now() + shared.roomInMs);
      }
      // Ours is larger when some were not counted in time, or when Redis lost its memory.
      return shared.used < here.used ? here : shared;
    },
    async peek(limit, what) {
      const key = `${limit.name}:${what}`;
      const here = own.peek(key, limit.max, limit.windowMs);
      if (!here.allowed) return here;
      const shared = await ask(limit, key, 0);
      return shared === undefined || shared.used < here.used ? here : shared;
    },
    async forget(limit, what) {
      const key = `${limit.name}:${what}`;
      own.forget(key);
      refusedUntil.delete(key);
      await redis.del(`actp:rate:${key}`).catch(() => undefined);
    },
    close: () => clearInterval(timer),
  };
}
