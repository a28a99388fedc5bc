import { setImmediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { onTestFinished, vi } from 'vitest';
import { connectRedis, failFastOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis, type OwnRedis } from '@actp/testing/own-redis';
import { createPeers, type Peers } from './peers.ts';

export const keys = {
  members: '{actp:rate}:members',
  /** Who counts alone. */
  alone: '{actp:rate}:alone',
  /** Since when who has been the only one. */
  since: '{actp:rate}:since',
};

/** How often a gateway says that it is there. */
export const beatMs = 300;

/** This process' clock stands still until a test moves it; Redis has its own. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

export interface WatchedRedis extends OwnRedis {
  /** A connection of somebody else, who may do everything. */
  other: Redis;
  /** Forgets everything, its statistics as well. */
  empty(): Promise<void>;
  /** How many scripts it has run. */
  scripts(): Promise<number>;
  /** Milliseconds of its clock. */
  time(): Promise<number>;
  /** Another gateway is there, and stays. */
  join(): Promise<unknown>;
  /** Gateways cannot be known there any more, although the connection is good. */
  spoil(): Promise<unknown>;
  /** What is answered while it says nothing; undefined when that is waited for. */
  whileHeld<T>(answer: () => Promise<T>): Promise<T | undefined>;
}

export async function openWatchedRedis(): Promise<WatchedRedis> {
  const redis = await openOwnRedis();
  const other = new Redis(redis.adminUrl, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  other.on('error', () => undefined);
  atEnd(() => other.disconnect());
  const hold = () => {
    redis.hold();
    // What failed meanwhile could not be taken away.
    onTestFinished(() => redis.release());
  };
  return {
    ...redis,
    hold,
    other,
    async empty() {
      await other.flushall();
      await other.config('RESETSTAT');
    },
    async scripts() {
      const stats = await other.info('commandstats');
      return [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    },
    async time() {
      const [seconds, microseconds] = await other.time();
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    },
    join: () => other.zadd(keys.members, 1e15, 'another'),
    spoil: () => other.set(keys.members, 'not a set'),
    async whileHeld(answer) {
      hold();
      try {
        return await Promise.race([answer(), turns()]);
      } finally {
        redis.release();
      }
    },
  };
}

/** What waits for nothing outside has gone on to its end by then. */
export async function turns(): Promise<undefined> {
  for (let i = 0; i < 5; i += 1) await setImmediate();
}

/** A gateway's connection, which is closed with the test. */
export async function openConnection(redis: OwnRedis, { ready = true } = {}): Promise<Redis> {
  // No cluster here. A question to a Redis that is held waits for as long as a test holds it.
  const connection = connectRedis(redis.env, { ...failFastOptions, commandTimeout: 600_000 }) as Redis;
  connection.on('error', () => undefined);
  onTestFinished(() => connection.disconnect());
  if (ready) await eventually(() => connection.status === 'ready');
  return connection;
}

/** Waits until all that was asked on a connection is answered, and who asked has taken note. */
export async function answered(connection: Redis): Promise<void> {
  // A script that Redis does not know yet is sent again.
  for (let i = 0; i < 3; i += 1) {
    await connection.ping().catch(() => undefined);
    await setImmediate();
  }
}

export interface TestPeers extends Peers {
  connection: Redis;
  /** Moves the clock; the gateway says that it is there as often as that takes. Resolves when Redis has answered. */
  pass(ms: number): Promise<void>;
  /** How often it had to send what it counted. */
  rejoined(): number;
  /** The name it has in Redis. */
  id(): Promise<string>;
}

/** What one gateway knows of the others, with a connection of its own. */
export async function openPeers(
  redis: WatchedRedis,
  options: { graceMs?: number; rejoined?: () => Promise<void>; ready?: boolean } = {},
): Promise<TestPeers> {
  const connection = await openConnection(redis, { ready: options.ready ?? true });
  let times = 0;
  const peers = createPeers(connection, {
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
    async rejoined() {
      times += 1;
      await options.rejoined?.();
    },
  });
  onTestFinished(() => peers.close());
  return {
    ...peers,
    connection,
    async pass(ms) {
      vi.advanceTimersByTime(ms);
      await answered(connection);
    },
    rejoined: () => times,
    async id() {
      const names = (await redis.other.zrange(keys.members, 0, -1)).filter((name) => name.length === 36);
      if (names.length !== 1) throw new Error(`${names.length} gateways are there`);
      return names[0] ?? '';
    },
  };
}
