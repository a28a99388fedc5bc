import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { away, createAnsweringRedis } from './answering-redis.fixture.ts';
import { createLimiter, type LimiterOptions } from './limiter.ts';

// The clock stands still but for `tick`.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());
const tick = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const limit = { name: 'login', max: 3, windowMs: 60_000 };
const short = { ...limit, windowMs: 1_000 };

function open(options: LimiterOptions = {}) {
  const answering = createAnsweringRedis();
  const log = createLogger({ app: 'test', level: 'silent' });
  const limiter = createLimiter(answering.redis, log, options);
  const { answers, asked, askedFor } = answering;
  const counts = () => askedFor('count').length;
  /** How many are let through before one is refused. */
  const room = async (key: string, of = limit) => {
    let passed = 0;
    while (passed < 10 && (await limiter.hit(of, key)).allowed) passed += 1;
    return passed;
  };
  return { limiter, answers, asked, askedFor, counts, room };
}

describe('a limit that several gateways share', () => {
  it('is asked for each attempt, which has a name of its own', async () => {
    const { limiter, answers, askedFor } = open();
    answers.count = () => [2, 5_000];
    expect(await limiter.hit(limit, 'x')).toEqual({ allowed: true, used: 2, roomInMs: 5_000 });
    await limiter.hit(limit, 'x');
    await open().limiter.hit(limit, 'x');
    const [first, second] = askedFor('count');
    expect(first).toMatchObject({ keys: ['actp:rate:login:x'], words: [60_000, 3, expect.any(String)] });
    expect(first?.words[2]).not.toBe('');
    expect(second?.words[2]).not.toBe(first?.words[2]);
  });

  it('counts at least what this gateway has counted', async () => {
    const { limiter, answers } = open();
    answers.count = () => [1, 7_000];
    expect(await limiter.hit(limit, 'x')).toMatchObject({ used: 1, roomInMs: 7_000 });
    await tick(1_000);
    // As after a loss of its memory.
    expect(await limiter.hit(limit, 'x')).toEqual({ allowed: true, used: 2, roomInMs: 59_000 });
    expect(await limiter.peek(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs: 59_000 });
    answers.count = () => [3, 7_000];
    expect(await limiter.peek(limit, 'x')).toEqual({ allowed: true, used: 3, roomInMs: 7_000 });
  });

  it('that is reached is known without asking, until there is room', async () => {
    const { limiter, answers, counts } = open();
    answers.count = () => [4, 5_000];
    expect(await limiter.hit(limit, 'x')).toEqual({ allowed: false, used: 4, roomInMs: 5_000 });
    await tick(1_000);
    expect(await limiter.hit(limit, 'x')).toEqual({ allowed: false, used: 4, roomInMs: 4_000 });
    expect(counts()).toBe(1);
    answers.count = () => [1, 5_000];
    expect(await limiter.hit(limit, 'y')).toMatchObject({ allowed: true });
    expect(await limiter.hit({ ...limit, name: 'ip' }, 'x')).toMatchObject({ allowed: true });
    await tick(4_000);
    expect(await limiter.hit(limit, 'x')).toMatchObject({ allowed: true });
  });

  it('counts nothing that it refuses', async () => {
    const { limiter, answers, room } = open();
    answers.count = () => [4, 5_000];
    await limiter.hit(limit, 'x');
    await tick(5_000);
    answers.count = away;
    expect(await room('x')).toBe(3);
  });

  it('is looked at without counting', async () => {
    const { limiter, askedFor, counts } = open();
    for (let i = 0; i < 5; i += 1) expect(await limiter.peek(limit, 'x')).toMatchObject({ used: 1 });
    expect(askedFor('count')[0]).toMatchObject({ keys: ['actp:rate:login:x'], words: [60_000, 3, ''] });
    for (let i = 0; i < 3; i += 1) expect(await limiter.hit(limit, 'x')).toMatchObject({ allowed: true });
    const soFar = counts();
    expect(await limiter.peek(limit, 'x')).toMatchObject({ allowed: false, used: 4 });
    expect(await limiter.hit(limit, 'x')).toMatchObject({ allowed: false, used: 4 });
    expect(counts()).toBe(soFar);
  });

  it('is empty again once it is forgotten, whoever has counted', async () => {
    const { limiter, answers, asked, askedFor } = open();
    answers.count = () => [4, 5_000];
    await limiter.hit(limit, 'x');
    answers.del = away;
    await limiter.forget(limit, 'x');
    expect(askedFor('del')).toEqual([{ command: 'del', keys: ['actp:rate:login:x'], words: [] }]);
    answers.count = away;
    for (let i = 0; i < 3; i += 1) await limiter.hit(limit, 'x');
    await limiter.forget(limit, 'x');
    expect(await limiter.hit(limit, 'x')).toMatchObject({ used: 1 });
    await limiter.forget(limit, 'x');
    asked.length = 0;
    await tick(1_000);
    expect(askedFor('add')).toEqual([]);
  });
});

describe('while Redis is away', () => {
  it('each gateway counts for itself, and tells later how long ago that was', async () => {
    const { limiter, answers, askedFor, counts, room } = open();
    answers.beat = away;
    expect(await room('x')).toBe(3);
    expect(await limiter.peek(limit, 'x')).toMatchObject({ allowed: false });
    expect(await limiter.peek(limit, 'y')).toMatchObject({ allowed: true, used: 1 });
    expect(counts()).toBe(0);
    await tick(1_000);
    expect(askedFor('add')).toEqual([]);
    answers.beat = () => [-1, 0, 0];
    await tick(400);
    const [added, ...more] = askedFor('add');
    expect(more).toEqual([]);
    const [windowMs, id, age, ...others] = added?.words ?? [];
    expect(added?.keys).toEqual(['actp:rate:login:x']);
    expect([windowMs, others.length]).toEqual([60_000, 4]);
    expect(new Set([id, others[0], others[2]]).size).toBe(3);
    expect(age).toBeGreaterThan(1_000);
    expect(age).toBeLessThanOrEqual(1_400);
  });

  it('what was not counted is told until Redis takes it, and before it is asked again', async () => {
    const { limiter, answers, asked, askedFor } = open();
    answers.count = away;
    await limiter.hit(limit, 'x');
    answers.add = away;
    await tick(250);
    expect(askedFor('add').length).toBe(2);
    answers.add = () => 1;
    answers.count = () => [1, 1_000];
    asked.length = 0;
    await limiter.hit(limit, 'y');
    expect(asked.map(({ command }) => command)).toEqual(['add', 'count']);
    await tick(500);
    expect(askedFor('add')).toHaveLength(1);
  });
});

describe('a gateway that has been the only one for a window', () => {
  const alone = async (options: LimiterOptions = {}) => {
    const one = open(options);
    one.answers.beat = () => [90_000, 0, 1];
    await tick(300 + 1_200);
    return one;
  };

  it('asks nobody, and tells Redis a moment later', async () => {
    const { limiter, counts, askedFor } = await alone();
    expect(await limiter.hit(short, 'x')).toEqual({ allowed: true, used: 1, roomInMs: 1_000 });
    expect(await limiter.peek(short, 'x')).toMatchObject({ used: 2 });
    expect([counts(), askedFor('add').length]).toEqual([0, 0]);
    await tick(100);
    expect(askedFor('add').map(({ keys }) => keys)).toEqual([['actp:rate:login:x']]);
    expect(await limiter.hit({ ...limit, windowMs: 1_300 }, 'y')).toMatchObject({ used: 1 });
    expect(counts()).toBe(0);
    await limiter.hit(limit, 'y');
    await limiter.peek(limit, 'y');
    expect(counts()).toBe(2);
  });

  it('has to ask for a window once it had no room to count a key', async () => {
    const { limiter, counts, askedFor } = await alone({ maxKeys: 1 });
    await limiter.hit(short, 'x');
    await limiter.hit(short, 'y');
    expect(askedFor('count').map(({ keys }) => keys)).toEqual([['actp:rate:login:y']]);
    await tick(900);
    await limiter.hit(short, 'x');
    expect(counts()).toBe(2);
    await tick(100);
    await limiter.hit(short, 'x');
    expect(counts()).toBe(2);
  });
});

describe('more keys than this gateway counts', () => {
  const full = async () => {
    const one = open({ maxKeys: 1 });
    await one.limiter.hit(limit, 'x');
    return one;
  };

  it('are counted in Redis, each for itself, and a refusal is known until there is room', async () => {
    const { limiter, answers, askedFor } = await full();
    answers.count = () => [2, 5_000];
    expect(await limiter.hit(limit, 'y')).toEqual({ allowed: true, used: 2, roomInMs: 5_000 });
    expect(await limiter.peek(limit, 'y')).toEqual({ allowed: true, used: 2, roomInMs: 5_000 });
    const [, hit, peek] = askedFor('count').map(({ words }) => words[2]);
    expect(hit).not.toBe('');
    expect(peek).toBe('');
    answers.count = () => [4, 5_000];
    await limiter.hit(limit, 'y');
    const soFar = askedFor('count').length;
    expect(await limiter.hit(limit, 'y')).toEqual({ allowed: false, used: 4, roomInMs: 5_000 });
    expect(askedFor('count')).toHaveLength(soFar);
  });

  it('and more refusals than that are asked for again, until there is room for them', async () => {
    const { limiter, answers, counts } = await full();
    answers.count = () => [4, 50_000];
    await limiter.hit(limit, 'y');
    const asks = async (key: string) => {
      const soFar = counts();
      await limiter.hit(limit, key);
      return counts() > soFar;
    };
    expect([await asks('y'), await asks('z'), await asks('z')]).toEqual([false, true, true]);
    await tick(30_000);
    expect([await asks('y'), await asks('z')]).toEqual([false, true]);
    await tick(30_000);
    expect([await asks('z'), await asks('z')]).toEqual([true, false]);
  });

  it('have one limit together while Redis is away, each kind its own', async () => {
    const { limiter, answers } = await full();
    answers.count = away;
    expect(await limiter.peek(limit, 'y')).toMatchObject({ used: 1 });
    const used = [];
    for (const key of ['y', 'z', 'y', 'z']) used.push((await limiter.hit(limit, key)).used);
    expect(used).toEqual([1, 2, 3, 4]);
    expect(await limiter.peek(limit, 'y')).toMatchObject({ allowed: false });
    expect(await limiter.hit({ ...limit, name: 'ip' }, 'y')).toMatchObject({ allowed: true, used: 1 });
  });

  it('find room again when others are over', async () => {
    const { limiter, answers } = open({ maxKeys: 1 });
    answers.beat = away;
    await limiter.hit(short, 'x');
    await tick(30_000);
    await limiter.hit(short, 'y');
    expect(await limiter.hit(short, 'z')).toMatchObject({ used: 1 });
    expect(await limiter.hit(short, 'y')).toMatchObject({ used: 2 });
  });
});

it('a limiter that is closed tells who else counts, and does nothing of itself any more', async () => {
  const { limiter, answers, asked, askedFor } = open();
  await limiter.hit(limit, 'x');
  await limiter.close();
  expect(askedFor('leave').map(({ words }) => words[1])).toEqual([1]);
  answers.count = away;
  await limiter.hit(limit, 'x');
  asked.length = 0;
  await tick(60_000);
  expect(asked).toEqual([]);
});
