import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { createLogger } from '@actp/shared/log';
import { openConnection, openWatchedRedis } from './counting.fixture.ts';
import { createSharedCounts } from './shared-counts.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(() => redis.empty());

const windowMs = 600_000;
const key = 'actp:rate:logins:ada';

async function open() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const connection = await openConnection(redis);
  const counts = createSharedCounts(connection, createLogger({ app: 'test', level: 'info', destination }));
  const said = () => lines.map((line) => JSON.parse(line) as { level: string; msg: string });
  return { counts, connection, said };
}

/** Attempts that another gateway has counted, so many milliseconds ago. */
async function countedBefore(...ages: number[]): Promise<void> {
  const now = await redis.time();
  for (const age of ages) await other.zadd(key, now - age, `other-${age}`);
}

/** How old each attempt is that Redis has, on its own clock: at least, and at most. */
async function agesNear(work: () => Promise<unknown>) {
  const before = await redis.time();
  await work();
  const after = await redis.time();
  return async (id: string) => {
    const score = Number(await other.zscore(key, id));
    return { least: before - score, most: after - score };
  };
}

describe('what all gateways have counted together', () => {
  it('is each attempt once up to the limit, and no more than that', async () => {
    const { counts } = await open();
    for (const used of [1, 2]) {
      expect(await counts.hit('logins:ada', 2, windowMs, `id-${used}`)).toMatchObject({
        allowed: true,
        used,
      });
    }
    expect(await counts.hit('logins:ada', 2, windowMs, 'id-3')).toMatchObject({ allowed: false, used: 3 });
    expect(await counts.hit('logins:ada', 2, windowMs, 'id-4')).toMatchObject({ allowed: false, used: 3 });
    expect(await other.zrange(key, 0, -1)).toEqual(['id-1', 'id-2']);
    expect(await counts.hit('logins:bob', 2, windowMs, 'id-5')).toMatchObject({ allowed: true, used: 1 });
  });

  it('has the time of an attempt, on the clock of Redis', async () => {
    const { counts } = await open();
    const ageOf = await agesNear(() => counts.hit('logins:ada', 2, windowMs, 'now'));
    const { least, most } = await ageOf('now');
    expect(least).toBeLessThanOrEqual(0);
    expect(most).toBeGreaterThanOrEqual(0);
  });

  it('can be looked at without counting', async () => {
    const { counts } = await open();
    const nothing = { allowed: true, used: 1, roomInMs: windowMs };
    expect(await counts.peek('logins:ada', 2, windowMs)).toEqual(nothing);
    expect(await counts.peek('logins:ada', 2, windowMs)).toEqual(nothing);
    expect(await other.exists(key)).toBe(0);
    await countedBefore(1_000, 2_000);
    expect(await counts.peek('logins:ada', 2, windowMs)).toMatchObject({ allowed: false, used: 3 });
  });

  it('is what the window holds: the oldest in it says when there is room', async () => {
    const { counts } = await open();
    await countedBefore(900_000, 300_000, 100_000);
    const before = await redis.time();
    const count = await counts.hit('logins:ada', 2, windowMs, 'one-too-many');
    const passedMs = (await redis.time()) - before;
    expect(count).toMatchObject({ allowed: false, used: 3 });
    expect(count?.roomInMs).toBeLessThanOrEqual(300_000);
    // What time has passed since they were written is within a minute, however slow the machine is.
    expect(count?.roomInMs).toBeGreaterThanOrEqual(300_000 - passedMs - 60_000);
    expect(await other.zrange(key, 0, -1)).toEqual(['other-300000', 'other-100000']);
  });

  it('is forgotten by Redis when the window has passed after the last attempt', async () => {
    const { counts } = await open();
    for (const [i, act] of [
      () => counts.hit('logins:ada', 9, windowMs, 'a'),
      () => counts.hit('logins:ada', 9, windowMs, 'b'),
      () => counts.add('logins:ada', windowMs, [{ id: 'c', at: performance.now() }]),
    ].entries()) {
      await act();
      const ttl = await other.pttl(key);
      expect([i, ttl <= windowMs, ttl > windowMs / 2]).toEqual([i, true, true]);
      await other.pexpire(key, windowMs / 4);
    }
    // A look leaves it as it is, and so does what is refused.
    await counts.peek('logins:ada', 9, windowMs);
    await counts.hit('logins:ada', 3, windowMs, 'd');
    expect(await other.pttl(key)).toBeLessThanOrEqual(windowMs / 4);
  });

  it('has what was let through a while ago, with its age, once, and not what has left the window', async () => {
    const { counts } = await open();
    const now = performance.now();
    const ageOf = await agesNear(async () => {
      const taken = await counts.add('logins:ada', windowMs, [
        { id: 'recent', at: now - 100_000 },
        { id: 'gone', at: now - 2 * windowMs },
        { id: 'older', at: now - 300_000 },
      ]);
      expect(taken).toBe(true);
    });
    expect(await other.zrange(key, 0, -1)).toEqual(['older', 'recent']);
    const passedMs = performance.now() - now;
    for (const [id, age] of [
      ['recent', 100_000],
      ['older', 300_000],
    ] as const) {
      const { least, most } = await ageOf(id);
      expect(least).toBeLessThanOrEqual(age + passedMs);
      expect(most).toBeGreaterThanOrEqual(age - 1);
      expect(most).toBeLessThan(age + passedMs + 60_000);
      expect(least).toBeGreaterThan(age - 60_000);
    }
    const scores = await other.zrange(key, 0, -1, 'WITHSCORES');
    await counts.add('logins:ada', windowMs, [{ id: 'recent', at: now - 200_000 }]);
    expect(await other.zrange(key, 0, -1, 'WITHSCORES')).toEqual(scores);
    expect(await counts.hit('logins:ada', 3, windowMs, 'next')).toMatchObject({ allowed: true, used: 3 });
  });

  it('is of Redis alone: no write to the disk', async () => {
    const { counts } = await open();
    await counts.hit('logins:ada', 9, windowMs, 'a');
    await counts.add('logins:bob', windowMs, [{ id: 'b', at: performance.now() }]);
    expect(await other.exists(key, 'actp:rate:logins:bob')).toBe(2);
    await redis.kill();
    await redis.start();
    expect(await other.exists(key, 'actp:rate:logins:bob')).toBe(0);
  });

  it('is forgotten when somebody says so', async () => {
    const { counts } = await open();
    await counts.hit('logins:ada', 2, windowMs, 'a');
    await counts.forget('logins:ada');
    expect(await other.exists(key)).toBe(0);
  });
});

describe('without Redis', () => {
  it('nothing is counted together and nothing throws; the log says so once, and once that it is back', async () => {
    const { counts, connection, said } = await open();
    await counts.hit('logins:ada', 2, windowMs, 'a');
    expect(said()).toEqual([]);
    const back = new Promise((resolve) => {
      connection.once('close', () => connection.once('ready', resolve));
    });
    await redis.kill();
    await eventually(() => connection.status !== 'ready');
    expect(await counts.hit('logins:ada', 2, windowMs, 'b')).toBeUndefined();
    expect(await counts.peek('logins:ada', 2, windowMs)).toBeUndefined();
    expect(await counts.add('logins:ada', windowMs, [{ id: 'b', at: performance.now() }])).toBe(false);
    await counts.forget('logins:ada');
    expect(said()).toMatchObject([
      { level: 'warn', msg: 'rate limits are counted in this process', err: { type: 'Error' } },
    ]);
    await redis.start();
    await back;
    expect(await counts.peek('logins:ada', 2, windowMs)).toMatchObject({ allowed: true, used: 1 });
    await counts.peek('logins:ada', 2, windowMs);
    expect(said()).toMatchObject([
      { level: 'warn' },
      { level: 'info', msg: 'rate limits are counted in redis again' },
    ]);
    // The next outage is said again.
    await other.set(key, 'not a set');
    expect(await counts.peek('logins:ada', 2, windowMs)).toBeUndefined();
    expect(said().map(({ level }) => level)).toEqual(['warn', 'info', 'warn']);
  });
});
