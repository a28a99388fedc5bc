import process from 'node:process';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answered, beatMs, keys, openConnection, openWatchedRedis, stopClock } from './counting.fixture.ts';
import { counted, countedByAnother, limit, log, minute, openAlone, openLimiter } from './limiter.fixture.ts';
import { createLimiter } from './limiter.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(async () => {
  await redis.empty();
  stopClock();
});

const countOf = (key: string) => other.zcard(counted(key));

describe('an attempt that was refused', () => {
  it('is refused until there is room, without asking Redis, and counts for nothing', async () => {
    await redis.join();
    await countedByAnother(redis, 3, 'x');
    const one = await openLimiter(redis);
    const long = { ...limit, windowMs: 3 * minute };
    const refused = await one.hit(long, 'x');
    expect(refused).toMatchObject({ allowed: false, used: 4 });
    const room = refused.roomInMs;
    expect(await redis.whileHeld(() => one.hit(long, 'x'))).toEqual({
      allowed: false,
      used: 4,
      roomInMs: room,
    });
    await other.del(counted('x'));
    await one.pass(room - 1);
    expect(await redis.whileHeld(() => one.hit(long, 'x'))).toEqual({
      allowed: false,
      used: 4,
      roomInMs: 1,
    });
    await one.pass(1);
    expect(await one.hit(long, 'x')).toMatchObject({ allowed: true, used: 1 });
    expect(await countOf('x')).toBe(1);
  });

  it('is refused here when it is the limit here that is used up', async () => {
    await redis.join();
    const one = await openLimiter(redis);
    expect((await one.hits(3, 'x')).map(({ allowed }) => allowed)).toEqual([true, true, true]);
    for (const act of ['peek', 'hit'] as const) {
      expect(await redis.whileHeld(() => one[act](limit, 'x'))).toEqual({
        allowed: false,
        used: 4,
        roomInMs: minute,
      });
    }
    expect(await one.hit({ ...limit, name: 'm' }, 'x')).toMatchObject({ allowed: true, used: 1 });
  });

  it('is known of so many keys, and of others again once those have room', async () => {
    await redis.join();
    for (const key of ['x', 'y']) await countedByAnother(redis, 3, key);
    const one = await openLimiter(redis, { graceMs: 0, maxKeys: 1 });
    await one.hit(limit, 'x');
    await one.hit(limit, 'y');
    await redis.whileHeld(() => one.hit(limit, 'x'));
    const asked = async () => {
      const before = await redis.scripts();
      expect((await one.hit(limit, 'y')).allowed).toBe(false);
      return (await redis.scripts()) - before;
    };
    expect(await asked()).toBe(1);
    // Every 30 s; by then there is room for the first.
    await one.pass(minute / 2);
    await asked();
    expect(await asked()).toBe(0);
  });
});

describe('what is counted here and in Redis', () => {
  it('is the larger of both, when Redis has lost its memory', async () => {
    await redis.join();
    const one = await openLimiter(redis);
    await one.hits(2, 'x');
    await other.del(counted('x'));
    expect(await one.peek(limit, 'x')).toMatchObject({ allowed: true, used: 3 });
    expect(await one.hit(limit, 'x')).toMatchObject({ allowed: true, used: 3 });
    expect(await one.hit(limit, 'x')).toMatchObject({ allowed: false, used: 4 });
  });

  it('is of all gateways together, each attempt for itself', async () => {
    const asked = { graceMs: 1e15 };
    const gateways = [await openLimiter(redis, asked), await openLimiter(redis, asked)];
    const used = [];
    for (const gateway of [...gateways, ...gateways]) used.push((await gateway.hit(limit, 'x')).used);
    expect(used).toEqual([1, 2, 3, 4]);
    expect(await countOf('x')).toBe(3);
  });

  it('is that of Redis where another has counted as well', async () => {
    await redis.join();
    const one = await openLimiter(redis);
    await one.hit(limit, 'x');
    await countedByAnother(redis, 1, 'x');
    const roomInMs = expect.toSatisfy((ms: number) => ms <= minute / 2);
    expect(await one.peek(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs });
    expect(await one.hit(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs });
  });

  it('is told to Redis as soon as it is back, with its age, before anything else is asked', async () => {
    await redis.spoil();
    const one = await openLimiter(redis);
    await one.pass(beatMs);
    expect(await one.hits(2, 'x')).toMatchObject([{ used: 1 }, { used: 2 }]);
    expect(await one.peek(limit, 'x')).toMatchObject({ used: 3 });
    // Redis answers, but who else counts there is not known.
    for (let i = 0; i < 10; i += 1) await one.pass(beatMs);
    expect(await countOf('x')).toBe(0);
    await other.del(keys.members);
    await redis.join();
    await one.pass(beatMs);
    await one.hits(1, 'y');
    const after = await redis.time();
    const scores = await other.zrange(counted('x'), 0, -1, 'WITHSCORES');
    expect(scores).toHaveLength(4);
    expect(Number(scores[1])).toBeLessThanOrEqual(after - 10 * beatMs);
  });

  it('is told before the question, and not only a moment later', async () => {
    await redis.spoil();
    const one = await openLimiter(redis);
    await one.hits(1, 'x');
    await other.del(keys.members);
    await redis.join();
    // The beat is answered, and nothing was sent yet.
    one.connection.disconnect(true);
    await new Promise((resolve) => {
      one.connection.once('ready', resolve);
    });
    await answered(one.connection);
    expect(await countOf('x')).toBe(0);
    await one.hit(limit, 'x');
    expect(await countOf('x')).toBe(2);
  });

  it('is forgotten everywhere', async () => {
    await redis.join();
    const one = await openLimiter(redis);
    await one.hits(4, 'x');
    await one.forget(limit, 'x');
    expect(await countOf('x')).toBe(0);
    expect(await one.hits(1, 'x')).toMatchObject([{ allowed: true, used: 1 }]);
    await countedByAnother(redis, 3, 'y');
    expect(await one.hits(1, 'y')).toMatchObject([{ allowed: false }]);
    await one.forget(limit, 'y');
    expect(await one.hits(1, 'y')).toMatchObject([{ allowed: true, used: 1 }]);
  });
});

describe('the only gateway', () => {
  it('answers at once for windows that it has seen whole, and asks for longer ones', async () => {
    const one = await openAlone(redis, 2 * beatMs);
    const seen = { ...limit, windowMs: 2 * beatMs };
    expect(await redis.whileHeld(() => one.hit(seen, 'x'))).toMatchObject({ allowed: true, used: 1 });
    expect(await redis.whileHeld(() => one.peek(seen, 'x'))).toMatchObject({ allowed: true, used: 2 });
    const longer = { ...limit, windowMs: 2 * beatMs + 1 };
    await countedByAnother(redis, 3, 'y');
    expect(await one.peek({ ...longer, windowMs: minute }, 'y')).toMatchObject({ allowed: false, used: 4 });
    await one.hit(longer, 'z');
    expect(await countOf('z')).toBe(1);
  });

  it('tells Redis ten times a second, and forgets what it has not told yet', async () => {
    const one = await openAlone(redis, minute);
    await one.hits(2, 'x');
    await one.hits(1, 'y');
    await one.forget(limit, 'y');
    await one.pass(99);
    expect(await countOf('x')).toBe(0);
    await one.pass(1);
    expect([await countOf('x'), await countOf('y')]).toEqual([2, 0]);
    await one.hits(1, 'y');
    await one.pass(100);
    expect(await countOf('y')).toBe(1);
  });

  it('tells Redis what it has counted before another may count', async () => {
    const one = await openAlone(redis, minute);
    await one.pass(beatMs - 1);
    await redis.join();
    await one.hits(2, 'x');
    // The beat that finds the other comes first, then what was counted, then the lease is given back.
    await one.pass(1);
    expect(await countOf('x')).toBe(2);
    expect(await other.exists(keys.alone)).toBe(0);
  });

  it('has been the only one for as long as is said before it counts alone', async () => {
    const one = await openLimiter(redis, { graceMs: 0 });
    await one.pass(beatMs);
    expect(await other.exists(keys.alone)).toBe(1);
  });

  it('has been the only one for a minute where nothing is said', async () => {
    const one = await openLimiter(redis, {});
    await one.pass(beatMs);
    const [id] = await other.zrange(keys.members, 0, -1);
    await other.set(keys.since, `${id} ${(await redis.time()) - minute / 2}`);
    await one.pass(beatMs);
    expect(await other.exists(keys.alone)).toBe(0);
    await other.set(keys.since, `${id} 1`);
    await one.pass(beatMs);
    expect(await other.exists(keys.alone)).toBe(1);
  });
});

describe('a limiter', () => {
  it('does nothing more once it is closed', async () => {
    const one = await openAlone(redis, minute);
    await one.hit(limit, 'x');
    await one.close();
    expect(vi.getTimerCount()).toBe(0);
    // What it had counted is in Redis.
    expect(await countOf('x')).toBe(1);
    expect(await other.exists(keys.members)).toBe(0);
  });

  it('keeps no process running', async () => {
    const connection = await openConnection(redis);
    vi.useRealTimers();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const limiter = createLimiter(connection, log);
    const open = timers();
    await limiter.close();
    expect(open).toBe(before);
  });
});
