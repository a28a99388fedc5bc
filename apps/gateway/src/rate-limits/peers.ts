import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';

/**
 * Which gateways count on this Redis. One that has long been the only one need not ask Redis before it answers: nobody else
 * has let anything through that it does not know of. It holds a lease on that, and whoever comes waits until it has ended.
 */
export interface Peers {
  /** For how long this gateway has been the only one, in milliseconds; 0 when it is not, or when nobody can say. */
  aloneForMs(): number;
  /** Ends when this gateway is known and no other counts without asking Redis; undefined when that is so already. Never rejects. */
  ready(): Promise<void> | undefined;
  /** Lets the others know that this one has gone. */
  close(): Promise<void>;
}

// Members and until when each is one; who counts alone; since when there has been no other. All times are Redis' own, and
// nothing of it is worth a write to the disk (set_repl).
const beatScript = `
pcall(redis.set_repl, redis.REPL_NONE)
local id, memberMs, leaseMs, graceMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + memberMs, id)
redis.call('PEXPIRE', KEYS[1], memberMs)
local holder = redis.call('GET', KEYS[2])
local others = redis.call('ZCARD', KEYS[1]) > 1
if others then redis.call('DEL', KEYS[3]) end
if holder and holder ~= id then return { -1, math.max(1, redis.call('PTTL', KEYS[2])) } end
if others then return { -1, 0 } end
local first, since = string.match(redis.call('GET', KEYS[3]) or '', '^(%S+) (%d+)$')
if first ~= id then since = now end
redis.call('SET', KEYS[3], id .. ' ' .. since, 'PX', memberMs)
local alone = now - since
if alone < graceMs then return { -1, 0 } end
redis.call('SET', KEYS[2], id, 'PX', leaseMs)
return { alone, 0 }`;

// Gives the lease back; with ARGV[2] the membership as well.
const leaveScript = `
pcall(redis.set_repl, redis.REPL_NONE)
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if ARGV[2] == '1' then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1`;

// One hash slot, for Redis Cluster.
const keys = ['{actp:rate}:members', '{actp:rate}:alone', '{actp:rate}:since'] as const;

interface PeersRedis {
  actpPeersBeat(...words: Array<string | number>): Promise<[alone: number, waitMs: number]>;
  actpPeersLeave(...words: Array<string | number>): Promise<number>;
}

const beatMs = 300;
// Several beats may be lost before the others take this gateway for gone, or before it stops to count alone.
const memberMs = 4_000;
const leaseMs = 1_200;
// A count is on its way for less than that.
const marginMs = 1_000;
const lookAgainMs = 25;

/**
 * @param options.graceMs for how long there has to be no other before this gateway counts alone
 * @param options.rejoined called when it counts alone no more, before the others may count: what it has counted has to be sent
 */
export function createPeers(
  redis: Redis | Cluster,
  { graceMs = 60_000, rejoined }: { graceMs?: number; rejoined: () => void },
): Peers {
  redis.defineCommand('actpPeersBeat', { numberOfKeys: keys.length, lua: beatScript });
  redis.defineCommand('actpPeersLeave', { numberOfKeys: keys.length, lua: leaveScript });
  // defineCommand adds the methods; the library's type cannot know them.
  const commands = redis as unknown as PeersRedis;
  const id = randomUUID();
  // On performance.now(). Taken before Redis is asked, so that ours end first.
  let memberUntil = 0;
  let lease = { until: 0, aloneMs: 0, at: 0 };
  let triedAt = Number.NEGATIVE_INFINITY;
  let joining: Promise<void> | undefined;

  /** @returns milliseconds until another counts alone no more, undefined when Redis does not answer */
  async function beat(): Promise<number | undefined> {
    const asked = performance.now();
    try {
      const [aloneMs, waitMs] = await commands.actpPeersBeat(...keys, id, memberMs, leaseMs, graceMs);
      if (aloneMs >= 0) {
        lease = { until: asked + leaseMs, aloneMs, at: performance.now() };
      } else if (lease.until > 0) {
        lease = { until: 0, aloneMs: 0, at: 0 };
        rejoined();
        commands.actpPeersLeave(...keys, id, 0).catch(() => undefined);
      }
      if (waitMs === 0) memberUntil = asked + memberMs;
      return waitMs;
    } catch {
      triedAt = performance.now();
      return undefined;
    }
  }

  async function join(): Promise<void> {
    // Bounded, since a caller waits: a lease cannot last longer, unless somebody else writes these keys.
    const deadline = performance.now() + leaseMs * 2;
    for (;;) {
      const waitMs = await beat();
      if (waitMs === undefined || waitMs === 0 || performance.now() > deadline) return;
      await delay(Math.min(waitMs, lookAgainMs));
    }
  }

  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();

  return {
    aloneForMs() {
      const now = performance.now();
      return now < lease.until ? lease.aloneMs + now - lease.at : 0;
    },
    ready() {
      const now = performance.now();
      // While Redis is away there is nobody to wait for: each counts for itself.
      if (now < memberUntil - marginMs || now < triedAt + marginMs) return undefined;
      joining ??= join().finally(() => {
        joining = undefined;
      });
      return joining;
    },
    async close() {
      clearInterval(timer);
      if (lease.until > 0) rejoined();
      lease = { until: 0, aloneMs: 0, at: 0 };
      await commands.actpPeersLeave(...keys, id, 1).catch(() => undefined);
    },
  };
}
