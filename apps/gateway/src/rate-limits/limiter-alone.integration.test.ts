import process from 'node:process';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { log } from '../gateway.fixture.ts';
import { answered, beatMs, keys, openConnection, openWatchedRedis, stopClock } from './counting.fixture.ts';
import { createLimiter, type LimiterOptions } from './limiter.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(async () => {
  await redis.empty();
  stopClock();
});

const farAway = 1e15;
const minute = 60_000;
const limit = { name: 'n', max: 3, windowMs: minute };
const countOf = (key: string, name = limit.name) => other.zcard(`actp:rate:${name}:${key}`);

async function open(options: LimiterOptions = { graceMs: 0 }) {
  const connection = await openConnection(redis);
  const limiter = createLimiter(connection, log, options);
  onTestFinished(() => limiter.close());
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    await answered(connection);
  };
  return {
    ...limiter,
    connection,
    pass,
    hits: async (times: number, key: string, of = limit) => {
      const counts = [];
      for (let i = 0; i < times; i += 1) counts.push(await limiter.hit(of, key));
      return counts;
    },
  };
}

/** The only gateway, for ever by the clock of Redis; for so long by its own. */
async function openAlone(ms: number, options: LimiterOptions = {}) {
  const one = await open({ graceMs: 0, ...options });
  await one.pass(beatMs);
  const [id] = await other.zrange(keys.members, 0, -1);
  await other.set(keys.since, `${id} 1`);
  await one.pass(ms);
  return one;
}

/** Another gateway has counted so many attempts in Redis, half a minute ago. */
async function countedByAnother(times: number, key: string): Promise<void> {
  const at = (await redis.time()) - minute / 2;
  for (let i = 0; i < times; i += 1)
    await other.zadd(`actp:rate:${limit.name}:${key}`, at + i, `another-${i}`);
}

/** Another gateway is there. */
const join = () => other.zadd(keys.members, farAway, 'another');

/** What is answered while Redis says nothing. */
async function whileHeld<T>(answer: () => Promise<T>): Promise<T> {
  redis.hold();
  try {
    return await answer();
  } finally {
    redis.release();
  }
}

/** The gateway is not known in Redis, as long as this lasts: its counts are its own. */
const spoil = () => other.set(keys.members, 'not a set');

describe('an attempt that was refused', () => {
  it('is refused until there is room, without asking Redis, and counts for nothing', async () => {
    await join();
    await countedByAnother(3, 'x');
    const one = await open();
    const refused = await one.hit(limit, 'x');
    expect(refused).toMatchObject({ allowed: false, used: 4 });
    const room = refused.roomInMs;
    expect(await whileHeld(() => one.hit(limit, 'x'))).toEqual({ allowed: false, used: 4, roomInMs: room });
    await other.del(`actp:rate:${limit.name}:x`);
    await one.pass(room - 1);
    expect(await whileHeld(() => one.hit(limit, 'x'))).toEqual({ allowed: false, used: 4, roomInMs: 1 });
    await one.pass(1);
    expect(await one.hit(limit, 'x')).toMatchObject({ allowed: true, used: 1 });
    expect(await countOf('x')).toBe(1);
  });

  it('is refused here when it is the limit here that is used up', async () => {
    await join();
    const one = await open();
    expect((await one.hits(3, 'x')).map(({ allowed }) => allowed)).toEqual([true, true, true]);
    for (const act of ['peek', 'hit'] as const) {
      expect(await whileHeld(() => one[act](limit, 'x'))).toEqual({
        allowed: false,
        used: 4,
        roomInMs: minute,
      });
    }
    expect(await one.hit({ ...limit, name: 'm' }, 'x')).toMatchObject({ allowed: true, used: 1 });
  });

  it('is known of so many keys, and of others again once those have room', async () => {
    await join();
    for (const key of ['x', 'y']) await countedByAnother(3, key);
    const one = await open({ graceMs: 0, maxKeys: 1 });
    await one.hit(limit, 'x');
    await one.hit(limit, 'y');
    await whileHeld(() => one.hit(limit, 'x'));
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
    await join();
    const one = await open();
    await one.hits(2, 'x');
    await other.del(`actp:rate:${limit.name}:x`);
    expect(await one.peek(limit, 'x')).toMatchObject({ allowed: true, used: 3 });
    expect(await one.hit(limit, 'x')).toMatchObject({ allowed: true, used: 3 });
    expect(await one.hit(limit, 'x')).toMatchObject({ allowed: false, used: 4 });
  });

  it('is that of Redis where another has counted as well', async () => {
    await join();
    const one = await open();
    await one.hit(limit, 'x');
    await countedByAnother(1, 'x');
    const roomInMs = expect.toSatisfy((ms: number) => ms <= minute / 2);
    expect(await one.peek(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs });
    expect(await one.hit(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs });
  });

  it('is told to Redis as soon as it is back, with its age, before anything else is asked', async () => {
    await spoil();
    const one = await open();
    await one.pass(beatMs);
    expect(await one.hits(2, 'x')).toMatchObject([{ used: 1 }, { used: 2 }]);
    expect(await one.peek(limit, 'x')).toMatchObject({ used: 3 });
    // Redis answers, but who else counts there is not known.
    for (let i = 0; i < 10; i += 1) await one.pass(beatMs);
    expect(await countOf('x')).toBe(0);
    await other.del(keys.members);
    await join();
    await one.pass(beatMs);
    await one.hits(1, 'y');
    const after = await redis.time();
    const scores = await other.zrange(`actp:rate:${limit.name}:x`, 0, -1, 'WITHSCORES');
    expect(scores).toHaveLength(4);
    expect(Number(scores[1])).toBeLessThanOrEqual(after - 10 * beatMs);
  });

  it('is told before the question, and not only a moment later', async () => {
    await spoil();
    const one = await open();
    await one.hits(1, 'x');
    await other.del(keys.members);
    await join();
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
    await join();
    const one = await open();
    await one.hits(4, 'x');
    await one.forget(limit, 'x');
    expect(await countOf('x')).toBe(0);
    expect(await one.hits(1, 'x')).toMatchObject([{ allowed: true, used: 1 }]);
    await countedByAnother(3, 'y');
    expect(await one.hits(1, 'y')).toMatchObject([{ allowed: false }]);
    await one.forget(limit, 'y');
    expect(await one.hits(1, 'y')).toMatchObject([{ allowed: true, used: 1 }]);
  });
});

describe('the only gateway', () => {
  it('answers at once for windows that it has seen whole, and asks for longer ones', async () => {
    const one = await openAlone(2 * beatMs);
    const seen = { ...limit, windowMs: 2 * beatMs };
    expect(await whileHeld(() => one.hit(seen, 'x'))).toMatchObject({ allowed: true, used: 1 });
    expect(await whileHeld(() => one.peek(seen, 'x'))).toMatchObject({ allowed: true, used: 2 });
    const longer = { ...limit, windowMs: 2 * beatMs + 1 };
    await countedByAnother(3, 'y');
    expect(await one.peek({ ...longer, windowMs: minute }, 'y')).toMatchObject({ allowed: false, used: 4 });
    await one.hit(longer, 'z');
    expect(await countOf('z')).toBe(1);
  });

  it('tells Redis ten times a second, and forgets what it has not told yet', async () => {
    const one = await openAlone(minute);
    await one.hits(2, 'x');
    await one.hits(1, 'y');
    await one.forget(limit, 'y');
    await one.pass(99);
    expect(await countOf('x')).toBe(0);
    await one.pass(1);
    expect([await countOf('x'), await countOf('y')]).toEqual([2, 0]);
  });

  it('tells Redis what it has counted before another may count', async () => {
    const one = await openAlone(minute);
    await one.pass(beatMs - 1);
    await join();
    await one.hits(2, 'x');
    // The beat that finds the other comes first, then what was counted, then the lease is given back.
    await one.pass(1);
    expect(await countOf('x')).toBe(2);
    expect(await other.exists(keys.alone)).toBe(0);
  });

  it('has counted alone for a minute before it does, unless something else is said', async () => {
    const one = await open({});
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

describe('more keys than there is room for', () => {
  it('are counted in Redis, and looked at there; a refusal is known here', async () => {
    const one = await openAlone(minute, { maxKeys: 1 });
    await one.hit(limit, 'a');
    expect(await one.peek(limit, 'b')).toMatchObject({ allowed: true, used: 1 });
    expect(await countOf('b')).toBe(0);
    expect((await one.hits(4, 'b')).map(({ allowed, used }) => [allowed, used])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
      [false, 4],
    ]);
    expect(await countOf('b')).toBe(3);
    const refused = await whileHeld(() => one.hit(limit, 'b'));
    expect(refused).toMatchObject({ allowed: false, used: 4 });
  });

  it('keep the gateway from answering for itself for one window', async () => {
    const one = await openAlone(2 * minute, { maxKeys: 1 });
    await one.hit(limit, 'a');
    await one.hits(2, 'b');
    await one.forget(limit, 'a');
    await countedByAnother(1, 'b');
    expect(await one.hits(2, 'b')).toMatchObject([{ allowed: false, used: 4 }, { allowed: false }]);
    await one.forget(limit, 'b');
    await one.pass(minute - 1);
    await countedByAnother(1, 'b');
    expect(await one.hit(limit, 'b')).toMatchObject({ used: 2 });
    await one.forget(limit, 'b');
    await one.pass(1);
    expect(await whileHeld(() => one.hit(limit, 'b'))).toMatchObject({ used: 1 });
  });

  it('are counted all together while Redis is away, apart from other limits', async () => {
    await spoil();
    const one = await open({ graceMs: 0, maxKeys: 1 });
    await one.hit({ ...limit, name: 'room' }, 'a');
    const looks = [];
    for (const key of ['b', 'c', 'd', 'e']) looks.push(await one.peek(limit, key), await one.hit(limit, key));
    expect(looks.map(({ allowed, used }) => [allowed, used])).toEqual(
      [1, 1, 2, 2, 3, 3, 4, 4].map((used) => [used <= 3, used]),
    );
    expect(await one.hit({ ...limit, name: 'm' }, 'b')).toMatchObject({ allowed: true, used: 1 });
  });

  it('are fewer again when windows have passed', async () => {
    const one = await openAlone(minute, { maxKeys: 1 });
    await one.hit({ ...limit, windowMs: 1_000 }, 'a');
    await one.pass(minute / 2);
    expect(await whileHeld(() => one.hit(limit, 'b'))).toMatchObject({ allowed: true, used: 1 });
  });
});

describe('a limiter', () => {
  it('does nothing more once it is closed', async () => {
    const one = await openAlone(minute);
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
    expect(timers()).toBe(before);
    await limiter.close();
  });
});
