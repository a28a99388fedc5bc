import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { answered, beatMs, keys, openPeers, openWatchedRedis, stopClock, turns } from './counting.fixture.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(async () => {
  await redis.empty();
  stopClock();
});

/** A gateway that counts alone, and has for ever by the clock of Redis: its own says for how long. */
async function openAlone(rejoined?: () => Promise<void>) {
  const one = await openPeers(redis, { graceMs: 0, ...(rejoined && { rejoined }) });
  await one.pass(beatMs);
  const id = await one.id();
  const forever = () => other.set(keys.since, `${id} 1`);
  await forever();
  await one.pass(beatMs);
  expect(one.aloneForMs()).toBe(beatMs);
  return { one, id, forever };
}

describe('the time for which a gateway counts alone', () => {
  it('goes on between two beats, and is what its own clock says where that of Redis has jumped', async () => {
    const { one } = await openAlone();
    await one.pass(299);
    expect(one.aloneForMs()).toBe(beatMs + 299);
    await one.pass(1);
    expect(one.aloneForMs()).toBe(2 * beatMs);
    await one.pass(5 * beatMs);
    expect(one.aloneForMs()).toBe(7 * beatMs);
  });

  it('is what Redis says where that is less', async () => {
    const { one } = await openAlone();
    await one.pass(200 * beatMs);
    expect(one.aloneForMs()).toBe(201 * beatMs);
    await other.del(keys.since);
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBeLessThan(100 * beatMs);
  });

  it('begins anew when there was another', async () => {
    const { one, forever } = await openAlone();
    await one.pass(4 * beatMs);
    expect(one.aloneForMs()).toBe(5 * beatMs);
    await redis.join();
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(0);
    await other.zrem(keys.members, 'another');
    await one.pass(beatMs);
    await forever();
    await one.pass(2 * beatMs);
    expect(one.aloneForMs()).toBe(2 * beatMs);
  });

  it('begins when the lease of another has ended', async () => {
    await other.set(keys.alone, 'another');
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(4 * beatMs);
    await other.del(keys.alone);
    await one.pass(beatMs);
    await other.set(keys.since, `${await one.id()} 1`);
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(beatMs);
  });

  it('is over 1.2 s after Redis was last asked, when it does not answer any more', async () => {
    const { one } = await openAlone();
    one.connection.disconnect();
    await one.pass(1_199);
    expect(one.aloneForMs()).toBe(beatMs + 1_199);
    await one.pass(1);
    expect(one.aloneForMs()).toBe(0);
  });

  it('counts from when Redis was asked, not from its answer: the lease, and what it says of the others', async () => {
    const { one } = await openAlone();
    redis.hold();
    vi.advanceTimersByTime(beatMs + 200);
    redis.release();
    await answered(one.connection);
    one.connection.disconnect();
    // It was asked 200 ms ago.
    await one.pass(999);
    expect(one.aloneForMs()).toBeGreaterThan(0);
    await one.pass(1);
    expect(one.aloneForMs()).toBe(0);
    await one.pass(1_799);
    expect(one.ready()).toBe(true);
    await one.pass(1);
    expect(one.ready()).toBe(false);
  });

  it('is over when the lease is', async () => {
    const { one, id } = await openAlone();
    await other.set(keys.alone, 'another');
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(0);
    // Given back is what is its own.
    expect(await other.get(keys.alone)).toBe('another');
    expect(await other.zscore(keys.members, id)).not.toBeNull();
  });

  it('is over at once when it is closed, whatever Redis answers then', async () => {
    const { one } = await openAlone();
    redis.hold();
    vi.advanceTimersByTime(beatMs);
    const closed = one.close();
    expect(one.aloneForMs()).toBe(0);
    redis.release();
    await closed;
    await answered(one.connection);
    expect(one.aloneForMs()).toBe(0);
    expect(one.rejoined()).toBe(1);
  });
});

describe('the lease on counting alone', () => {
  it('is given back when another comes, after what was counted is sent, once; the gateway stays', async () => {
    const sent = Promise.withResolvers<void>();
    const { one, id } = await openAlone(() => sent.promise);
    onTestFinished(() => sent.resolve());
    expect(one.rejoined()).toBe(0);
    await other.persist(keys.alone);
    await redis.join();
    await one.pass(beatMs);
    expect([one.aloneForMs(), one.rejoined()]).toEqual([0, 1]);
    expect(await other.get(keys.alone)).toBe(id);
    sent.resolve();
    await turns();
    await answered(one.connection);
    expect(await other.get(keys.alone)).toBeNull();
    expect(await other.zscore(keys.members, id)).not.toBeNull();
    await one.pass(3 * beatMs);
    expect(one.rejoined()).toBe(1);
  });

  it('is not taken again before it was given back: the last that Redis hears would be that nobody has it', async () => {
    const sent = Promise.withResolvers<void>();
    const { one, id, forever } = await openAlone(() => sent.promise);
    onTestFinished(() => sent.resolve());
    await redis.join();
    await one.pass(beatMs);
    await other.zrem(keys.members, 'another');
    await forever();
    await one.pass(beatMs);
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(0);
    sent.resolve();
    await turns();
    await answered(one.connection);
    expect(await other.exists(keys.alone)).toBe(0);
    expect(one.aloneForMs()).toBe(0);
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(2 * beatMs);
    expect(await other.get(keys.alone)).toBe(id);
  });

  it('is kept until it ends when what was counted cannot be sent', async () => {
    const { one, id } = await openAlone(() => Promise.reject(new Error('not sent')));
    await other.persist(keys.alone);
    await redis.join();
    await one.pass(beatMs);
    expect(one.aloneForMs()).toBe(0);
    expect(await other.get(keys.alone)).toBe(id);
    expect(one.ready()).toBe(true);
  });

  it('is given back by a gateway that is closed, and so is its place', async () => {
    const { one } = await openAlone();
    await one.close();
    expect(one.rejoined()).toBe(1);
    expect(await other.exists(keys.alone, keys.members)).toBe(0);
  });
});
