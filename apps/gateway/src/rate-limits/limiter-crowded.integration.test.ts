import { beforeEach, describe, expect, it } from 'vitest';
import { openWatchedRedis, stopClock } from './counting.fixture.ts';
import { counted, countedByAnother, limit, minute, openAlone, openLimiter } from './limiter.fixture.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(async () => {
  await redis.empty();
  stopClock();
});

const countOf = (key: string) => other.zcard(counted(key));

describe('more keys than there is room for', () => {
  it('are counted in Redis, and looked at there; a refusal is known here', async () => {
    const one = await openAlone(redis, minute, { maxKeys: 1 });
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
    const refused = await redis.whileHeld(() => one.hit(limit, 'b'));
    expect(refused).toMatchObject({ allowed: false, used: 4 });
  });

  it('keep the gateway from answering for itself for one window', async () => {
    const one = await openAlone(redis, 2 * minute, { maxKeys: 1 });
    await one.hit(limit, 'a');
    await one.hits(2, 'b');
    await one.forget(limit, 'a');
    await countedByAnother(redis, 1, 'b');
    expect(await one.hits(2, 'b')).toMatchObject([{ allowed: false, used: 4 }, { allowed: false }]);
    await one.forget(limit, 'b');
    await one.pass(minute - 1);
    await countedByAnother(redis, 1, 'b');
    expect(await one.hit(limit, 'b')).toMatchObject({ used: 2 });
    await one.forget(limit, 'b');
    await one.pass(1);
    expect(await redis.whileHeld(() => one.hit(limit, 'b'))).toMatchObject({ used: 1 });
  });

  it('are counted all together while Redis is away, apart from other limits', async () => {
    await redis.spoil();
    const one = await openLimiter(redis, { graceMs: 0, maxKeys: 1 });
    await one.hit({ ...limit, name: 'room' }, 'a');
    const looks = [];
    for (const key of ['b', 'c', 'd', 'e']) looks.push(await one.peek(limit, key), await one.hit(limit, key));
    expect(looks.map(({ allowed, used }) => [allowed, used])).toEqual(
      [1, 1, 2, 2, 3, 3, 4, 4].map((used) => [used <= 3, used]),
    );
    expect(await one.hit({ ...limit, name: 'm' }, 'b')).toMatchObject({ allowed: true, used: 1 });
  });

  it('are more than a few thousand', async () => {
    await redis.spoil();
    const one = await openLimiter(redis);
    for (let i = 0; i < 5_000; i += 1) await one.hit(limit, `${i}`);
    expect(await one.hit(limit, 'last')).toMatchObject({ used: 1 });
  });

  it('are fewer again when windows have passed', async () => {
    const one = await openAlone(redis, minute, { maxKeys: 1 });
    await one.hit({ ...limit, windowMs: 1_000 }, 'a');
    await one.pass(minute / 2);
    expect(await redis.whileHeld(() => one.hit(limit, 'b'))).toMatchObject({ allowed: true, used: 1 });
  });
});
