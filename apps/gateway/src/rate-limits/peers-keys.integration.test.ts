import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  answered,
  beatMs,
  keys,
  openPeers,
  openWatchedRedis,
  stopClock,
  type TestPeers,
} from './counting.fixture.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(async () => {
  await redis.empty();
  stopClock();
});

const farAway = 1e15;
/** Who would have been the only one for very long, on Redis' clock. */
const foreverOf = (id: string) => `${id} 1`;

/** One beat, and a question; Redis reads both at once, so that no time is between them. */
async function beatAnd<T>(peers: TestPeers, question: () => Promise<T>): Promise<T> {
  vi.advanceTimersByTime(beatMs);
  const answer = question();
  await answered(peers.connection);
  return answer;
}

describe('a gateway, in Redis', () => {
  it('is known for four seconds more with each beat, and those whose time is over are not', async () => {
    await other.zadd(keys.members, 1, 'gone');
    const one = await openPeers(redis);
    await one.pass(beatMs);
    const id = await one.id();
    await other.persist(keys.members);
    const before = await redis.time();
    const [members, ttl] = await beatAnd(one, () =>
      Promise.all([
        one.connection.zrange(keys.members, 0, -1, 'WITHSCORES'),
        one.connection.pttl(keys.members),
      ]),
    );
    const after = await redis.time();
    expect(members).toEqual([id, expect.any(String)]);
    expect(Number(members[1])).toBeGreaterThanOrEqual(before + 4_000);
    expect(Number(members[1])).toBeLessThanOrEqual(after + 4_000);
    expect(ttl).toBeLessThanOrEqual(4_000);
    // Longer than a lease: several beats may be lost.
    expect(ttl).toBeGreaterThan(2_000);
  });

  it('counts alone when there is no other, until 1.2 s later', async () => {
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(beatMs);
    const id = await one.id();
    // The second time, it has what it had, for as long as if it were new.
    await other.set(keys.alone, id);
    await other.persist(keys.since);
    const { connection } = one;
    const [alone, aloneMs, since, sinceMs] = await beatAnd(one, () =>
      Promise.all([
        connection.get(keys.alone),
        connection.pttl(keys.alone),
        connection.get(keys.since),
        connection.pttl(keys.since),
      ]),
    );
    expect(alone).toBe(id);
    expect(aloneMs).not.toBe(-1);
    expect(aloneMs).toBeLessThanOrEqual(1_200);
    expect(since).toMatch(new RegExp(`^${id} \\d+$`));
    expect(sinceMs).toBeLessThanOrEqual(4_000);
    expect(sinceMs).toBeGreaterThan(2_000);
    expect(one.aloneForMs()).toBeLessThanOrEqual(beatMs);
    expect(one.rejoined()).toBe(0);
  });

  it('has been the only one since it says so: neither since another was, nor from anew each time', async () => {
    await other.set(keys.since, foreverOf('another'));
    const one = await openPeers(redis);
    const before = await redis.time();
    await one.pass(beatMs);
    const after = await redis.time();
    const id = await one.id();
    const [name, since] = (await beatAnd(one, () => one.connection.get(keys.since)))?.split(' ') ?? [];
    expect(name).toBe(id);
    expect(Number(since)).toBeGreaterThanOrEqual(before);
    expect(Number(since)).toBeLessThanOrEqual(after);
    await other.set(keys.since, foreverOf(id));
    expect(await beatAnd(one, () => one.connection.get(keys.since))).toBe(foreverOf(id));
  });

  it.each([
    { graceMs: 1e9, tooShort: 5e8, enough: 5e9 },
    { tooShort: 30_000, enough: 600_000 },
  ])('counts alone once it has been the only one for long: %j', async ({ tooShort, enough, ...grace }) => {
    const one = await openPeers(redis, grace);
    await one.pass(beatMs);
    const id = await one.id();
    for (const { ms, holder } of [
      { ms: tooShort, holder: null },
      { ms: enough, holder: id },
    ]) {
      await other.set(keys.since, `${id} ${(await redis.time()) - ms}`);
      expect(await beatAnd(one, () => one.connection.get(keys.alone))).toBe(holder);
      expect(one.aloneForMs() > 0).toBe(holder !== null);
    }
  });

  it('is one of as many as there are', async () => {
    for (const gateways of [1, 2, 3]) {
      const one = await openPeers(redis, { graceMs: 1e15 });
      await one.pass(beatMs);
      expect(await other.zcard(keys.members)).toBe(gateways);
    }
  });

  it('is not the only one while there is another, and then asks Redis at once', async () => {
    await redis.join();
    await other.set(keys.since, foreverOf('another'));
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(beatMs);
    expect(await other.exists(keys.alone, keys.since)).toBe(0);
    expect(one.aloneForMs()).toBe(0);
    expect(one.ready()).toBe(true);
    expect(one.rejoined()).toBe(0);
  });

  it.each([['another'], ['itself']])(
    'takes its own with it when it is closed, not what another has: the lease of %s',
    async (holder) => {
      const one = await openPeers(redis, { graceMs: 1e15 });
      await one.pass(beatMs);
      const id = await one.id();
      await other.set(keys.alone, holder === 'itself' ? id : holder);
      await one.pass(beatMs);
      await redis.join();
      await one.close();
      expect(await other.get(keys.alone)).toBe(holder === 'itself' ? null : holder);
      expect(await other.zrange(keys.members, 0, -1)).toEqual(['another']);
    },
  );

  it('takes no lease while another has one, although nobody else is there', async () => {
    await other.set(keys.alone, 'another', 'PX', 600_000);
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(beatMs);
    expect(await other.get(keys.alone)).toBe('another');
    expect(await other.pttl(keys.alone)).toBeGreaterThan(100_000);
    expect(await other.exists(keys.since)).toBe(0);
    expect(one.aloneForMs()).toBe(0);
    expect(one.ready()).not.toBe(true);
    await other.del(keys.alone);
  });

  it('costs no write to the disk', async () => {
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(beatMs);
    for (const key of Object.values(keys)) await other.persist(key);
    // Or it would come back as soon as Redis does.
    one.connection.disconnect();
    await redis.kill();
    await redis.start();
    expect(await other.exists(...Object.values(keys))).toBe(0);
    // Nor does going.
    const next = await openPeers(redis, { graceMs: 1e15 });
    await next.pass(beatMs);
    await other.set(keys.alone, await next.id());
    await other.zadd(keys.members, farAway, await next.id());
    await next.close();
    expect(await other.exists(keys.alone, keys.members)).toBe(0);
    await redis.kill();
    await redis.start();
    expect(await other.exists(keys.alone, keys.members)).toBe(2);
  });
});
