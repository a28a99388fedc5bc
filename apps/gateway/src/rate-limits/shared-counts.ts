import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import type { Count } from './sliding-window.ts';

/** What all gateways have counted together, in Redis. Undefined when Redis does not answer; nothing here throws. */
export interface SharedCounts {
  hit(key: string, limit: number, windowMs: number): Promise<Count | undefined>;
  peek(key: string, limit: number, windowMs: number): Promise<Count | undefined>;
  /** Attempts that were let through a while ago. @param agesMs of each, oldest first */
  add(key: string, windowMs: number, agesMs: readonly number[]): Promise<void>;
  forget(key: string): Promise<void>;
}

// The times of the attempts that were let through, newest first, on Redis' own clock. What left the window is dropped; the
// list is never longer than the limit. Counts are not worth a write to the disk, which is what takes the time where every
// command is synced (set_repl): a Redis that comes back without them finds each gateway's own counts in force.
const begin = `
pcall(redis.set_repl, redis.REPL_NONE)
local window = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

// Answers how many there are with this one, and the milliseconds until one leaves.
const countAttempt = `${begin}
local limit, add = tonumber(ARGV[2]), ARGV[3] == '1'
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

const addAttempts = `${begin}
for i = 2, #ARGV do redis.call('LPUSH', KEYS[1], now - tonumber(ARGV[i])) end
redis.call('PEXPIRE', KEYS[1], window)
return 1`;

interface CountingRedis {
  actpCountAttempt(key: string, windowMs: number, limit: number, add: 0 | 1): Promise<[number, number]>;
  actpAddAttempts(key: string, windowMs: number, ...agesMs: number[]): Promise<number>;
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

  async function ask(key: string, limit: number, windowMs: number, add: 0 | 1): Promise<Count | undefined> {
    const answer = await told(commands.actpCountAttempt(nameOf(key), windowMs, limit, add));
    if (answer === undefined) return undefined;
    const [used, roomInMs] = answer;
    return { allowed: used <= limit, used, roomInMs };
  }

  return {
    hit: (key, limit, windowMs) => ask(key, limit, windowMs, 1),
    peek: (key, limit, windowMs) => ask(key, limit, windowMs, 0),
    async add(key, windowMs, agesMs) {
      await told(commands.actpAddAttempts(nameOf(key), windowMs, ...agesMs));
    },
    async forget(key) {
      await redis.del(nameOf(key)).catch(() => undefined);
    },
  };
}
