import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import type { Count } from './sliding-window.ts';

/** One attempt that was let through. The same one counts once, however often Redis is told of it. */
export interface Attempt {
  /** Of no other attempt, of whichever gateway. */
  id: string;
  /** On performance.now(). */
  at: number;
}

/** What all gateways have counted together, in Redis. Nothing here throws. */
export interface SharedCounts {
  /** @returns undefined when Redis is unavailable */
  hit(key: string, limit: number, windowMs: number, id: string): Promise<Count | undefined>;
  peek(key: string, limit: number, windowMs: number): Promise<Count | undefined>;
  /** Attempts that were let through a while ago. @returns whether Redis has them */
  add(key: string, windowMs: number, attempts: readonly Attempt[]): Promise<boolean>;
  forget(key: string): Promise<void>;
}

// The attempts that were let through, by their time on Redis' own clock. What left the window is dropped; there are never more
// than the limit. Counts are not worth a write to the disk, which is what takes the time where every command is synced
// (set_repl): a Redis that comes back without them finds each gateway's own counts in force.
const begin = `
pcall(redis.set_repl, redis.REPL_NONE)
local window = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

// Answers how many there are with this one, and the milliseconds until one leaves. Without an id nothing is counted.
const countAttempt = `${begin}
local limit, id = tonumber(ARGV[2]), ARGV[3]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
if id ~= '' and used < limit then
  redis.call('ZADD', KEYS[1], now, id)
  redis.call('PEXPIRE', KEYS[1], window)
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { used + 1, (oldest or now) + window - now }`;

const addAttempts = `${begin}
for i = 2, #ARGV, 2 do
  local age = tonumber(ARGV[i + 1])
  if age < window then redis.call('ZADD', KEYS[1], 'NX', now - age, ARGV[i]) end
end
redis.call('PEXPIRE', KEYS[1], window)
return 1`;

interface CountingRedis {
  actpCountAttempt(key: string, windowMs: number, limit: number, id: string): Promise<[number, number]>;
  actpAddAttempts(key: string, windowMs: number, ...idsAndAges: Array<string | number>): Promise<number>;
}

const nameOf = (key: string) => `actp:rate:${key}`;

export function createSharedCounts(redis: Redis | Cluster, log: Logger): SharedCounts {
  redis.defineCommand('actpCountAttempt', { numberOfKeys: 1, lua: countAttempt });
  redis.defineCommand('actpAddAttempts', { numberOfKeys: 1, lua: addAttempts });
  // defineCommand adds the methods; the library's type cannot know them.
  const commands = redis as unknown as CountingRedis;
  let away = false;

  async function told<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      const value = await answer;
      if (away) log.info('rate limits are counted in redis again');
      away = false;
      return value;
    } catch (error) {
      if (!away) log.warn({ err: error }, 'rate limits are counted in this process');
      away = true;
      return undefined;
    }
  }

  async function ask(key: string, limit: number, windowMs: number, id: string): Promise<Count | undefined> {
    const answer = await told(commands.actpCountAttempt(nameOf(key), windowMs, limit, id));
    if (answer === undefined) return undefined;
    const [used, roomInMs] = answer;
    return { allowed: used <= limit, used, roomInMs };
  }

  return {
    hit: ask,
    peek: (key, limit, windowMs) => ask(key, limit, windowMs, ''),
    async add(key, windowMs, attempts) {
      const now = performance.now();
      const words = attempts.flatMap(({ id, at }) => [id, Math.floor(now - at)]);
      return (await told(commands.actpAddAttempts(nameOf(key), windowMs, ...words))) !== undefined;
    },
    async forget(key) {
      await redis.del(nameOf(key)).catch(() => undefined);
    },
  };
}
