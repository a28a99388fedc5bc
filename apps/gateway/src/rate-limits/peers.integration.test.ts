import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectRedis, promptOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { log } from '../gateway.fixture.ts';
import { createLimiter, type Limiter } from './limiter.ts';

// Each test has a Redis of its own: who else counts there is what they are about.
const graceMs = 200;

type OwnRedis = Awaited<ReturnType<typeof openOwnRedis>>;

interface TestLimiter extends Limiter {
  /** As a gateway that was killed: nobody is told. */
  kill(): void;
}

async function openLimiter(redis: OwnRedis): Promise<TestLimiter> {
  // A call that waited for a Redis that is held would not end within a test.
  const connection = connectRedis(redis.env, { ...promptOptions, commandTimeout: 60_000 });
  connection.on('error', () => undefined);
  await eventually(() => connection.status === 'ready');
  const limiter = createLimiter(connection, log, { graceMs });
  const kill = () => connection.disconnect();
  atEnd(async () => {
    await limiter.close();
    kill();
  });
  return { ...limiter, kill };
}

/** Waits until a limiter answers while Redis says nothing, which is what counting alone means. */
async function untilAlone(redis: OwnRedis, limiter: Limiter, windowMs: number): Promise<void> {
  let n = 0;
  await eventually(async () => {
    n += 1;
    redis.hold();
    try {
      const hit = limiter.hit({ name: 'probe', max: 1_000, windowMs }, `${n}`);
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
    const begun = performance.now();
    const end = begun + 6_000;
    const flood = async (limiter: TestLimiter) => {
      while (performance.now() < end && limiters.includes(limiter)) {
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
    await Promise.all(floods);
    passed.sort((a, b) => a.before - b.before);
    for (const [i, { before }] of passed.entries()) {
      // The clocks are read around the call, so this holds however slow the machine is; 3 ms for rounding.
      const later = passed[i + limit.max]?.after ?? Number.POSITIVE_INFINITY;
      expect(later - before).toBeGreaterThanOrEqual(limit.windowMs - 3);
    }
    expect(passed.length).toBeGreaterThan(limit.max * 2);
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
});
