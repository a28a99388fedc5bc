import process from 'node:process';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import {
  answered,
  beatMs,
  keys,
  openConnection,
  openPeers,
  openWatchedRedis,
  stopClock,
  turns,
  type TestPeers,
} from './counting.fixture.ts';
import { createPeers } from './peers.ts';

const redis = await openWatchedRedis();
const { other } = redis;
beforeEach(() => redis.empty());

const membershipMs = 3_000;

/** Redis forgets which gateways there are. */
const mend = () => other.del(keys.members);

/** Waits until Redis was asked so many times more. */
async function asked(times: number): Promise<void> {
  const before = await redis.scripts();
  await eventually(async () => (await redis.scripts()) >= before + times);
}

/** What a promise has come to. */
function watch<T>(promise: Promise<T>) {
  const state: { value?: T } = {};
  void promise.then((value) => (state.value = value));
  return state;
}

/** The question has to be asked of Redis. */
function wait(peers: TestPeers): Promise<boolean> {
  const ready = peers.ready();
  if (typeof ready === 'boolean') throw new Error(`answered at once: ${ready}`);
  return ready;
}

describe('a gateway may ask Redis', () => {
  beforeEach(stopClock);

  it('once it is known there, which all who ask wait for together', async () => {
    const one = await openPeers(redis);
    const [first, second] = [one.ready(), one.ready()];
    expect(first).toBe(second);
    expect(await first).toBe(true);
    expect(await other.zcard(keys.members)).toBe(1);
    expect(one.ready()).toBe(true);
  });

  it('without waiting as long as others take it for one that is there', async () => {
    const one = await openPeers(redis);
    await wait(one);
    await mend();
    redis.hold();
    vi.advanceTimersByTime(membershipMs - 1);
    expect(one.ready()).toBe(true);
    vi.advanceTimersByTime(1);
    const late = wait(one);
    redis.release();
    expect(await late).toBe(true);
    expect(await other.zcard(keys.members)).toBe(1);
  });

  it('as soon as another counts alone no more', async () => {
    await other.set(keys.alone, 'another', 'PX', 600_000);
    const one = await openPeers(redis, { graceMs: 0 });
    const ready = wait(one);
    const state = watch(ready);
    await Promise.race([asked(4), ready]);
    expect(state.value).toBeUndefined();
    await other.del(keys.alone);
    expect(await ready).toBe(true);
    expect(one.ready()).toBe(true);
  });

  it('after 2.4 s anyway, in case the clock of Redis was put back, and for as long as after any answer', async () => {
    await other.set(keys.alone, 'another', 'PX', 600_000);
    const one = await openPeers(redis, { graceMs: 0 });
    const ready = wait(one);
    const state = watch(ready);
    vi.advanceTimersByTime(2_400);
    await Promise.race([asked(12), ready]); // eight of them are beats
    expect(state.value).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(await ready).toBe(true);
    vi.advanceTimersByTime(membershipMs - 1);
    expect(one.ready()).toBe(true);
    vi.advanceTimersByTime(1);
    const again = wait(one);
    await other.del(keys.alone);
    expect(await again).toBe(true);
  });

  it('not when Redis does not answer; then it is away for a second, and is not asked meanwhile', async () => {
    await redis.spoil();
    const one = await openPeers(redis);
    expect(one.away()).toBe(false);
    expect(await wait(one)).toBe(false);
    expect(one.away()).toBe(true);
    const scripts = await redis.scripts();
    expect(one.ready()).toBe(false);
    await answered(one.connection);
    expect(await redis.scripts()).toBe(scripts);
    // No beat changes it any more.
    await one.close();
    vi.advanceTimersByTime(999);
    expect(one.away()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(one.away()).toBe(false);
  });

  it('again with the first beat that is answered', async () => {
    await redis.spoil();
    const one = await openPeers(redis);
    await one.pass(beatMs);
    expect(one.away()).toBe(true);
    await mend();
    await one.pass(beatMs);
    expect(one.away()).toBe(false);
    expect(one.ready()).toBe(true);
  });

  it('not before it was known for the first time, however often Redis was tried', async () => {
    await redis.spoil();
    const one = await openPeers(redis);
    await one.pass(4 * beatMs);
    expect(one.ready()).toBe(false);
  });
});

describe('the connection of a gateway', () => {
  beforeEach(stopClock);

  it('is waited for while it is made', async () => {
    const one = await openPeers(redis, { ready: false });
    expect(one.connection.status).toBe('connecting');
    expect(await wait(one)).toBe(true);
  });

  it.each([
    { afterMs: 299, released: true },
    { afterMs: 300, released: false },
  ])('is waited for 300 ms, also when Redis does not greet: %j', async ({ afterMs, released }) => {
    redis.hold();
    const one = await openPeers(redis, { ready: false });
    await eventually(() => one.connection.status === 'connect');
    const ready = wait(one);
    const state = watch(ready);
    vi.advanceTimersByTime(afterMs);
    if (released) {
      await turns();
      expect(state.value).toBeUndefined();
      redis.release();
    }
    expect(await ready).toBe(released);
  });

  it('is not away any more as soon as it is back, and Redis is told at once', async () => {
    const one = await openPeers(redis);
    await one.pass(beatMs);
    await redis.kill();
    await eventually(() => one.connection.status !== 'ready');
    await one.pass(beatMs);
    expect(one.away()).toBe(true);
    const back = new Promise<boolean>((resolve) => {
      one.connection.once('ready', () => resolve(one.away()));
    });
    await redis.start();
    expect(await back).toBe(false);
    await answered(one.connection);
    expect(await other.zcard(keys.members)).toBe(1);
  });

  it('that is lost is not waited for', async () => {
    const one = await openPeers(redis);
    one.connection.disconnect();
    await eventually(() => one.connection.status === 'end');
    expect(await wait(one)).toBe(false);
  });
});

describe('a gateway that is closed', () => {
  it('says nothing more to Redis, also over a new connection, and asks nothing', async () => {
    stopClock();
    const one = await openPeers(redis, { graceMs: 0 });
    await one.pass(beatMs);
    await one.close();
    expect(vi.getTimerCount()).toBe(0);
    const scripts = await redis.scripts();
    const back = new Promise((resolve) => {
      one.connection.once('ready', resolve);
    });
    one.connection.disconnect(true);
    await back;
    await one.pass(membershipMs);
    expect(one.ready()).toBe(false);
    await answered(one.connection);
    expect(await redis.scripts()).toBe(scripts);
    expect(await other.zcard(keys.members)).toBe(0);
  });

  it('closes although Redis is away', async () => {
    stopClock();
    const one = await openPeers(redis);
    one.connection.disconnect();
    await one.close();
    expect(one.rejoined()).toBe(1);
  });

  it('that is not closed keeps no process running', async () => {
    const connection = await openConnection(redis);
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const peers = createPeers(connection, { rejoined: () => Promise.resolve() });
    const open = timers();
    await peers.close();
    expect(open).toBe(before);
  });
});
