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
  /**
   * Whether Redis may be asked: this gateway is known there and no other counts alone. Waits for that, a second or two at most; false
   * while Redis is away. Never rejects.
   */
  ready(): boolean | Promise<boolean>;
  /** Whether Redis did not answer a moment ago. */
  away(): boolean;
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
if holder and holder ~= id then return { -1, math.max(1, redis.call('PTTL', KEYS[2])), 0 } end
if others then return { -1, 0, 0 } end
local first, since = string.match(redis.call('GET', KEYS[3]) or '', '^(%S+) (%d+)$')
if first ~= id then since = now end
redis.call('SET', KEYS[3], id .. ' ' .. since, 'PX', memberMs)
local alone = now - since
if alone < graceMs then return { alone, 0, 0 } end
redis.call('SET', KEYS[2], id, 'PX', leaseMs)
return { alone, 0, 1 }`;

// Gives the lease back; with ARGV[2] the membership as well.
const leaveScript = `
pcall(redis.set_repl, redis.REPL_NONE)
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if ARGV[2] == '1' then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1`;

// One hash slot, for Redis Cluster.
const keys = ['{actp:rate}:members', '{actp:rate}:alone', '{actp:rate}:since'] as const;

interface PeersRedis {
  actpPeersBeat(...words: Array<string | number>): Promise<[aloneMs: number, waitMs: number, leased: 0 | 1]>;
  actpPeersLeave(...words: Array<string | number>): Promise<number>;
}

const beatMs = 300;
// Several beats may be lost before the others take this gateway for gone, or before it stops to count alone.
const memberMs = 4_000;
const leaseMs = 1_200;
// A count is on its way for less than that.
const marginMs = 1_000;
const lookAgainMs = 25;
// A connection that is just being made is waited for, one that was lost is not.
const connectMs = 300;

/**
 * @param options.graceMs for how long there has to be no other before this gateway counts alone
 * @param options.rejoined called when it counts alone no more, before the others may count: what it has counted has to be sent
 */
export function createPeers(
  redis: Redis | Cluster,
  { graceMs = 60_000, rejoined }: { graceMs?: number | undefined; rejoined: () => Promise<void> },
): Peers {
  redis.defineCommand('actpPeersBeat', { numberOfKeys: keys.length, lua: beatScript });
  redis.defineCommand('actpPeersLeave', { numberOfKeys: keys.length, lua: leaveScript });
  // defineCommand adds the methods; the library's type cannot know them.
  const commands = redis as unknown as PeersRedis;
  const id = randomUUID();
  const none = { until: 0, aloneMs: 0, at: 0 };
  // On performance.now(). Ends are taken before Redis is asked, so that ours come first.
  let memberUntil = 0;
  let lease = none;
  /** Since when every answer said that there is no other; Redis' clock can jump, this one cannot. */
  let onlySince: number | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let joining: Promise<boolean> | undefined;
  /** The lease is on its way back: what is answered until then may be of before. */
  let givingBack = false;
  let closed = false;
  const giveBack = (leave: 0 | 1) =>
    rejoined()
      .then(() => commands.actpPeersLeave(...keys, id, leave))
      .catch(() => undefined);

  /** @returns milliseconds until another counts alone no more, undefined when Redis is unavailable */
  async function beat(): Promise<number | undefined> {
    if (closed) return undefined;
    const asked = performance.now();
    try {
      const [aloneMs, waitMs, leased] = await commands.actpPeersBeat(...keys, id, memberMs, leaseMs, graceMs);
      failedAt = Number.NEGATIVE_INFINITY;
      // Given back meanwhile: this answer is of before.
      if (closed) return undefined;
      if (waitMs === 0) memberUntil = asked + memberMs;
      const at = performance.now();
      onlySince = aloneMs < 0 ? undefined : (onlySince ?? at);
      if (leased === 1 && !givingBack) {
        lease = { until: asked + leaseMs, aloneMs: Math.min(aloneMs, at - (onlySince ?? at)), at };
      } else if (lease.until > 0) {
        lease = none;
        givingBack = true;
        void giveBack(0).finally(() => {
          givingBack = false;
        });
      }
      return waitMs;
    } catch {
      failedAt = performance.now();
      return undefined;
    }
  }

  async function join(): Promise<boolean> {
    const begun = performance.now();
    const connecting = () => redis.status === 'connecting' || redis.status === 'connect';
    while (connecting() && performance.now() < begun + connectMs) await delay(lookAgainMs / 5);
    for (;;) {
      const waitMs = await beat();
      if (waitMs === undefined) return false;
      if (waitMs === 0) return true;
      if (performance.now() > begun + leaseMs * 2) break;
      await delay(Math.min(waitMs, lookAgainMs));
    }
    // No lease lasts that long, unless Redis' clock was put back: nobody is waited for any longer.
    memberUntil = performance.now() + memberMs;
    return true;
  }

  const isAway = () => performance.now() < failedAt + marginMs;
  redis.on('ready', () => {
    failedAt = Number.NEGATIVE_INFINITY;
    void beat();
  });
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();

  return {
    aloneForMs() {
      const now = performance.now();
      return now < lease.until ? lease.aloneMs + now - lease.at : 0;
    },
    away: isAway,
    ready() {
      if (performance.now() < memberUntil - marginMs) return true;
      if (closed || isAway()) return false;
      joining ??= join().finally(() => {
        joining = undefined;
      });
      return joining;
    },
    async close() {
      clearInterval(timer);
      closed = true;
      lease = none;
      await giveBack(1);
    },
  };
}
