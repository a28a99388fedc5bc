import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { connectRedis, failFastOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { log } from '../gateway.fixture.ts';
import { createLimiter, type Limiter, type LimiterOptions } from './limiter.ts';

// Each test has a Redis of its own: who else counts there is what they are about.
const graceMs = 200;

type OwnRedis = Awaited<ReturnType<typeof openOwnRedis>>;

interface TestLimiter extends Limiter {
  /** As a gateway that was killed: nobody is told. */
  kill(): void;
  connection: Redis;
}

async function openLimiter(redis: OwnRedis, options: LimiterOptions & { connected?: boolean } = {}) {
  // A call that waited for a Redis that is held would not end within a test.
  const connection = connectRedis(redis.env, { ...failFastOptions, commandTimeout: 60_000 }) as Redis; // no cluster here
  connection.on('error', () => undefined);
  if (options.connected !== false) await eventually(() => connection.status === 'ready');
  const limiter = createLimiter(connection, log, { graceMs, ...options });
  const kill = () => connection.disconnect();
  atEnd(async () => {
    await limiter.close();
    kill();
  });
  return { ...limiter, kill, connection } satisfies TestLimiter;
}

/** Waits until a limiter answers while Redis says nothing, which is what counting alone means. */
async function untilAlone(redis: OwnRedis, limiter: Limiter, windowMs: number): Promise<void> {
  await eventually(async () => {
    redis.hold();
    try {
      const hit = limiter.hit({ name: 'probe', max: 1_000, windowMs }, 'x');
      return await Promise.race([hit.then(() => true), delay(20, false)]);
    } finally {
      redis.release();
    }
  });
}

const used = async (limiter: Limiter, limit: Parameters<Limiter['hit']>[0], key: string) =>
  (await limiter.peek(limit, key)).used - 1;

describe('the only gateway', () => {
  it('answers without asking Redis, exactly, and lets Redis know', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis);
    const limit = { name: 'alone', max: 5, windowMs: 400 };
    await untilAlone(redis, one, limit.windowMs);
    const counts = await Promise.all(Array.from({ length: 20 }, () => one.hit(limit, 'x')));
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(5);
    expect(counts.map((count) => count.used).slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    const other = await openLimiter(redis);
    // What was sent is told apart from what another would find by itself: nothing else counted for this key.
    const long = { ...limit, name: 'told', windowMs: 60_000 };
    await one.hit(long, 'y');
    await eventually(async () => (await used(other, long, 'y')) === 1);
  });

  it('does not count alone for a window that it has not seen whole', async () => {
    const redis = await openOwnRedis();
    const gone = await openLimiter(redis);
    const limit = { name: 'restart', max: 5, windowMs: 30_000 };
    for (let i = 0; i < 5; i += 1) await gone.hit(limit, 'x');
    gone.kill();
    const next = await openLimiter(redis);
    await untilAlone(redis, next, 300);
    expect(await next.hit(limit, 'x')).toMatchObject({ allowed: false });
  });

  it('is not the only one any more as soon as another counts: no attempt is let through twice', async () => {
    const redis = await openOwnRedis();
    const limit = { name: 'join', max: 40, windowMs: 700 };
    const one = await openLimiter(redis);
    await untilAlone(redis, one, limit.windowMs);
    const limiters: TestLimiter[] = [one];
    const passed: Array<{ before: number; after: number }> = [];
    const over = new AbortController();
    const flood = async (limiter: TestLimiter) => {
      while (!over.signal.aborted && limiters.includes(limiter)) {
        const before = performance.now();
        const { allowed } = await limiter.hit(limit, 'x');
        if (allowed) passed.push({ before, after: performance.now() });
        await delay(1);
      }
    };
    const floods = [flood(one)];
    // Three come and go; the first of them without a word.
    for (const leave of ['kill', 'close', 'close'] as const) {
      await delay(400);
      const other = await openLimiter(redis);
      limiters.push(other);
      floods.push(flood(other));
      await delay(400);
      limiters.splice(limiters.indexOf(other), 1);
      await other[leave]();
    }
    // Until the one that is left counts alone again, and the window has moved on.
    const soFar = passed.length;
    await eventually(() => passed.length > Math.max(soFar, limit.max) + limit.max);
    over.abort();
    await Promise.all(floods);
    passed.sort((a, b) => a.before - b.before);
    for (const [i, { before }] of passed.entries()) {
      const oneTooMany = passed.slice(i, i + limit.max + 1);
      if (oneTooMany.length <= limit.max) break;
      // The clocks are read around the call, so this holds however slow the machine is; 3 ms for rounding.
      const span = Math.max(...oneTooMany.map(({ after }) => after)) - before;
      expect(span).toBeGreaterThanOrEqual(limit.windowMs - 3);
    }
  });

  it('asks Redis again when Redis has forgotten who counts', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis);
    const limit = { name: 'forgotten', max: 5, windowMs: 300 };
    await untilAlone(redis, one, limit.windowMs);
    await redis.kill();
    await redis.start();
    const other = await openLimiter(redis);
    const long = { ...limit, windowMs: 60_000 };
    let n = 0;
    // Its connection is back.
    await eventually(async () => {
      n += 1;
      await one.hit(long, `back-${n}`);
      return (await used(other, long, `back-${n}`)) === 1;
    });
    const counts = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).hit(long, 'x')),
    );
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it('counts what it let through while its connection was away, once, and tells the next gateway', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis);
    const limit = { name: 'reset', max: 10, windowMs: 1_500 };
    const long = { ...limit, windowMs: 60_000 };
    await untilAlone(redis, one, limit.windowMs);
    one.connection.disconnect(true);
    const counts = await Promise.all(Array.from({ length: 15 }, () => one.hit(limit, 'x')));
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(10);
    for (let i = 0; i < 4; i += 1) await one.hit(long, 'y');
    const other = await openLimiter(redis);
    await eventually(async () => (await used(other, long, 'y')) === 4);
    // Told again and again, they are the same.
    one.connection.disconnect(true);
    await eventually(async () => (await one.hit(long, 'z')).used === 1 && one.connection.status === 'ready');
    await delay(300);
    expect(await used(other, long, 'y')).toBe(4);
  });

  it('asks nothing of the first one that a gateway without a connection yet could let through twice', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis);
    const limit = { name: 'early', max: 10, windowMs: 1_500 };
    await untilAlone(redis, one, limit.windowMs);
    const other = await openLimiter(redis, { connected: false });
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : other).hit(limit, 'x')),
    );
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('counts in Redis what it has no room for, each key for itself', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis, { maxKeys: 2 });
    const limit = { name: 'many', max: 2, windowMs: 300 };
    await untilAlone(redis, one, limit.windowMs);
    const long = { ...limit, windowMs: 60_000 };
    const counts = [];
    for (let i = 0; i < 30; i += 1) counts.push(await one.hit(long, `${i % 10}`));
    expect(counts.map(({ allowed }) => allowed)).toEqual(counts.map((_, i) => i < 20));
    // While Redis is away all those together have what one would have.
    await redis.kill();
    await eventually(async () => !(await one.hit(long, 'new')).allowed);
    expect((await one.peek(long, 'newer')).allowed).toBe(false);
    expect((await one.hit({ ...long, name: 'login' }, 'newer')).allowed).toBe(true);
  });

  it('counts nothing alone any more once it is closed', async () => {
    const redis = await openOwnRedis();
    const one = await openLimiter(redis);
    const limit = { name: 'closed', max: 10, windowMs: 300 };
    await untilAlone(redis, one, limit.windowMs);
    const other = await openLimiter(redis);
    for (let i = 0; i < 6; i += 1) await one.hit(limit, 'x');
    await one.close();
    const counts = await Promise.all(Array.from({ length: 20 }, () => other.hit(limit, 'x')));
    expect(counts.filter(({ allowed }) => allowed).length).toBeLessThanOrEqual(10);
    expect(await one.hit(limit, 'y')).toMatchObject({ allowed: true, used: 1 });
  });
});
