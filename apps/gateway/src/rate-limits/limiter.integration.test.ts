import { describe, expect, it } from 'vitest';
import { connectRedis, failFastOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { log } from '../gateway.fixture.ts';
import { createLimiter, type Limiter } from './limiter.ts';

const redis = await openOwnRedis();

async function openLimiter(): Promise<Limiter> {
  const connection = connectRedis(redis.env, { ...failFastOptions, commandTimeout: 5_000 });
  connection.on('error', () => undefined);
  await eventually(() => connection.status === 'ready');
  const limiter = createLimiter(connection, log);
  atEnd(async () => {
    await limiter.close();
    connection.disconnect();
  });
  return limiter;
}

const four = await Promise.all([openLimiter(), openLimiter(), openLimiter(), openLimiter()]);
const turn = (i: number): Limiter => four[i % 4] ?? four[0];

describe('the limiter', () => {
  it('[SEC-013] lets exactly the limit through when four processes count at once', async () => {
    const limit = { name: 'exact', max: 60, windowMs: 60_000 };
    const counts = await Promise.all(Array.from({ length: 400 }, (_, i) => turn(i).hit(limit, 'one')));
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(60);
  });

  it('never lets more than the limit through in any span of its length', async () => {
    const limit = { name: 'edge', max: 20, windowMs: 500 };
    const passed: Array<{ before: number; after: number }> = [];
    // Until the window has moved on several times, however long that takes.
    for (let i = 0; passed.length < 4 * limit.max; i += 1) {
      const before = performance.now();
      const { allowed } = await turn(i).hit(limit, 'one');
      if (allowed) passed.push({ before, after: performance.now() });
    }
    for (const [i, { before }] of passed.entries()) {
      // The clocks are read around the call, so this holds however slow the machine is; 2 ms for rounding.
      const later = passed[i + limit.max]?.after ?? Number.POSITIVE_INFINITY;
      expect(later - before).toBeGreaterThanOrEqual(limit.windowMs - 2);
    }
  });

  it('answers a flood without asking Redis, until there is room', async () => {
    const limit = { name: 'flood', max: 3, windowMs: 60_000 };
    const [one] = four;
    for (let i = 0; i < 4; i += 1) await one.hit(limit, 'x');
    redis.hold();
    try {
      const refused = await one.hit(limit, 'x');
      expect(refused.allowed).toBe(false);
      expect(refused.roomInMs).toBeGreaterThan(0);
      expect(refused.roomInMs).toBeLessThanOrEqual(60_000);
    } finally {
      redis.release();
    }
  });

  it('knows refusals of other processes as well', async () => {
    const limit = { name: 'shared', max: 2, windowMs: 60_000 };
    for (let i = 0; i < 2; i += 1) expect((await turn(0).hit(limit, 'x')).allowed).toBe(true);
    expect((await turn(1).peek(limit, 'x')).allowed).toBe(false);
    expect((await turn(1).hit(limit, 'x')).allowed).toBe(false);
    expect((await turn(1).hit(limit, 'y')).allowed).toBe(true);
    await turn(0).forget(limit, 'x');
    expect((await turn(2).hit(limit, 'x')).allowed).toBe(true);
  });

  it('keeps the limit per process when Redis loses its memory or goes away', async () => {
    const limit = { name: 'outage', max: 10, windowMs: 60_000 };
    for (let i = 0; i < 6; i += 1) await turn(0).hit(limit, 'x');
    await redis.kill();
    const counts = await Promise.all(Array.from({ length: 30 }, () => turn(0).hit(limit, 'x')));
    expect(counts.filter(({ allowed }) => allowed)).toHaveLength(4);
    await redis.start();
  });
});
