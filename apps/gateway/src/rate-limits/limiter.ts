import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import { createPeers } from './peers.ts';
import { createSharedCounts } from './shared-counts.ts';
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
  close(): Promise<void>;
}

/** Attempts that this process has let through and Redis does not know of yet, on performance.now(). */
interface Unsent {
  windowMs: number;
  times: number[];
}

const sweepMs = 30_000;
// What a gateway that is killed can take with it.
const sendEveryMs = 100;

/**
 * Counts attempts in Redis, so that several gateways share one limit, and in this process as well: while Redis is away, slow
 * or has lost its memory the limit holds per process, and nobody gets a 500 or an open door. Who was refused is known here
 * until there is room, so that a flood does not reach Redis. A gateway that has been the only one for longer than a limit's
 * window knows of every attempt, so it answers at once and lets Redis know a moment later.
 *
 * @param options.graceMs how long a gateway has to be the only one before it counts alone
 */
export function createLimiter(
  redis: Redis | Cluster,
  log: Logger,
  options: { graceMs?: number } = {},
): Limiter {
  const shared = createSharedCounts(redis, log);
  const peers = createPeers(redis, { ...options, rejoined: send });
  const own = createSlidingWindow();
  /** Until when a key is refused without asking, on performance.now(). */
  const refusedUntil = new Map<string, number>();
  let unsent = new Map<string, Unsent>();

  const timers = [
    setInterval(send, sendEveryMs),
    setInterval(() => {
      own.sweep();
      const now = performance.now();
      for (const [key, until] of refusedUntil) if (until <= now) refusedUntil.delete(key);
    }, sweepMs),
  ];
  for (const timer of timers) timer.unref();

  function sendLater(key: string, windowMs: number): void {
    const known = unsent.get(key);
    if (known) known.times.push(performance.now());
    else unsent.set(key, { windowMs, times: [performance.now()] });
  }

  // In one turn, and on the one connection: what is asked afterwards is answered with this in mind.
  function send(): void {
    if (unsent.size === 0) return;
    const full = unsent;
    unsent = new Map();
    const now = performance.now();
    for (const [key, { windowMs, times }] of full) {
      const agesMs = times.map((time) => Math.floor(now - time));
      void shared.add(key, windowMs, agesMs);
    }
  }

  return {
    async hit(limit, what) {
      const key = `${limit.name}:${what}`;
      const until = refusedUntil.get(key);
      const leftMs = until === undefined ? 0 : until - performance.now();
      if (leftMs > 0) return { allowed: false, used: limit.max + 1, roomInMs: leftMs };
      // Counted here before Redis is asked: of many at once while it is away no more than the limit get through.
      const here = own.hit(key, limit.max, limit.windowMs);
      if (!here.allowed) return here;
      if (peers.aloneForMs() >= limit.windowMs) {
        sendLater(key, limit.windowMs);
        return here;
      }
      send();
      await peers.ready();
      const all = await shared.hit(key, limit.max, limit.windowMs);
      if (all === undefined) return here;
      if (!all.allowed) {
        own.undo(key);
        refusedUntil.set(key, performance.now() + all.roomInMs);
      }
      // Ours is larger when some were not counted in time, or when Redis lost its memory.
      return all.used < here.used ? here : all;
    },
    async peek(limit, what) {
      const key = `${limit.name}:${what}`;
      const here = own.peek(key, limit.max, limit.windowMs);
      if (!here.allowed || peers.aloneForMs() >= limit.windowMs) return here;
      send();
      await peers.ready();
      const all = await shared.peek(key, limit.max, limit.windowMs);
      return all === undefined || all.used < here.used ? here : all;
    },
    async forget(limit, what) {
      const key = `${limit.name}:${what}`;
      own.forget(key);
      refusedUntil.delete(key);
      unsent.delete(key);
      await shared.forget(key);
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await peers.close();
    },
  };
}
