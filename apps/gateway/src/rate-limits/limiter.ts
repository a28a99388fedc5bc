import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '@actp/shared/log';
import { createPeers } from './peers.ts';
import { createSharedCounts } from './shared-counts.ts';
import { createSlidingWindow, type Count } from './sliding-window.ts';
import { createUnsent } from './unsynced-attempts.ts';

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

export interface LimiterOptions {
  /** How long a gateway has to be the only one before it counts alone. */
  graceMs?: number;
  /** Keys that this process counts as well; for others Redis alone is asked. */
  maxKeys?: number;
}

const sweepMs = 30_000;
// What a gateway that is killed can take with it.
const sendEveryMs = 100;

/**
 * Counts attempts in Redis, so that several gateways share one limit, and in this process as well: while Redis is away, slow
 * or has lost its memory the limit holds per process, and nobody gets a 500 or an open door. Who was refused is known here
 * until there is room, so that a flood does not reach Redis. A gateway that has been the only one for longer than a limit's
 * window knows of every attempt, so it answers at once and lets Redis know a moment later.
 */
export function createLimiter(
  redis: Redis | Cluster,
  log: Logger,
  { graceMs, maxKeys = 50_000 }: LimiterOptions = {},
): Limiter {
  const shared = createSharedCounts(redis, log);
  const unsent = createUnsent(shared);
  const peers = createPeers(redis, { graceMs, rejoined: unsent.send });
  const own = createSlidingWindow({ maxKeys });
  /** Until when a key is refused without asking, on performance.now(). */
  const refusedUntil = new Map<string, number>();
  const ours = randomBytes(6).toString('base64url');
  let attempts = 0;
  /** When a key last found no room among those that are counted here. */
  let crowdedAt = Number.NEGATIVE_INFINITY;

  // Later, with their right age: a Redis that hangs would take each of them for a new one when it goes on.
  const send = () => void (peers.away() ? undefined : unsent.send());
  const timers = [
    setInterval(send, sendEveryMs),
    setInterval(() => {
      own.sweep();
      const now = performance.now();
      for (const [key, until] of refusedUntil) if (until <= now) refusedUntil.delete(key);
    }, sweepMs),
  ];
  for (const timer of timers) timer.unref();

  const newId = () => {
    attempts += 1;
    return `${ours}${attempts.toString(36)}`;
  };
  // Every attempt of the window came here, and was counted here.
  const seesAll = ({ windowMs }: Limit) =>
    peers.aloneForMs() >= windowMs && performance.now() - crowdedAt >= windowMs;

  async function ask(question: () => Promise<Count | undefined>): Promise<Count | undefined> {
    send();
    return (await peers.ready()) ? question() : undefined;
  }

  function refuseUntilRoom(key: string, roomInMs: number): void {
    if (refusedUntil.size < maxKeys) refusedUntil.set(key, performance.now() + roomInMs);
  }

  /** Too many keys at once: what finds no room here is counted in Redis, and while that is away all of it together. */
  async function crowded(act: 'hit' | 'peek', { name, max, windowMs }: Limit, key: string): Promise<Count> {
    crowdedAt = performance.now();
    const id = act === 'hit' ? newId() : '';
    const all = await ask(() => shared.hit(key, max, windowMs, id));
    if (all?.allowed === false) refuseUntilRoom(key, all.roomInMs);
    return all ?? own[act](`${name}, others`, max, windowMs);
  }

  return {
    async hit(limit, what) {
      const { max, windowMs } = limit;
      const key = `${limit.name}:${what}`;
      const leftMs = (refusedUntil.get(key) ?? 0) - performance.now();
      if (leftMs > 0) return { allowed: false, used: max + 1, roomInMs: leftMs };
      if (!own.hasRoomFor(key)) return crowded('hit', limit, key);
      // Counted here before Redis is asked: of many at once while it is away no more than the limit get through.
      const here = own.hit(key, max, windowMs);
      if (!here.allowed) return here;
      const id = newId();
      const all = seesAll(limit) ? undefined : await ask(() => shared.hit(key, max, windowMs, id));
      if (all === undefined) {
        unsent.note(key, windowMs, id);
        return here;
      }
      if (!all.allowed) {
        own.undo(key);
        refuseUntilRoom(key, all.roomInMs);
      }
      // Ours is larger when some were not counted in time, or when Redis lost its memory.
      return all.used < here.used ? here : all;
    },
    async peek(limit, what) {
      const key = `${limit.name}:${what}`;
      if (!own.hasRoomFor(key)) return crowded('peek', limit, key);
      const here = own.peek(key, limit.max, limit.windowMs);
      if (!here.allowed || seesAll(limit)) return here;
      const all = await ask(() => shared.peek(key, limit.max, limit.windowMs));
      return all === undefined || all.used < here.used ? here : all;
    },
    async forget(limit, what) {
      const key = `${limit.name}:${what}`;
      own.forget(key);
      refusedUntil.delete(key);
      unsent.forget(key);
      await shared.forget(key);
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await peers.close();
    },
  };
}
