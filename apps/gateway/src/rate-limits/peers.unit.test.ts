import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { away, createAnsweringRedis, never } from './answering-redis.fixture.ts';
import { createPeers } from './peers.ts';

// The clock of this process stands still but for `tick`; short waits are real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());
const tick = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function open(options: { graceMs?: number } = {}) {
  const { redis, answers, asked, askedFor } = createAnsweringRedis();
  const done: string[] = [];
  const state = { rejoined: async () => void done.push('rejoined') };
  const leave = answers.leave;
  answers.leave = () => {
    done.push('left');
    return leave();
  };
  const peers = createPeers(redis, { ...options, rejoined: () => state.rejoined() });
  return { peers, redis, answers, asked, done, state, beats: () => askedFor('beat').length, askedFor };
}
const alone = () => [90_000, 0, 1];
const others = () => [-1, 0, 0];

describe('a gateway that is the only one', () => {
  it('has been so for as long as Redis and its own clock say', async () => {
    const { peers, answers } = open();
    answers.beat = alone;
    expect(peers.aloneForMs()).toBe(0);
    await tick(300);
    expect(peers.aloneForMs()).toBe(0);
    await tick(600);
    expect(peers.aloneForMs()).toBe(600);
    await tick(100);
    expect(peers.aloneForMs()).toBe(700);
    answers.beat = () => [50, 0, 1];
    await tick(200);
    expect(peers.aloneForMs()).toBe(50);
  });

  it('is not yet, while Redis gives it no lease', async () => {
    const { peers, answers, done } = open();
    answers.beat = () => [90_000, 0, 0];
    await tick(3_000);
    expect(peers.aloneForMs()).toBe(0);
    expect(done).toEqual([]);
  });

  it('believes that no longer than its lease, from when it asked', async () => {
    const { peers, answers } = open();
    const given = Promise.withResolvers<unknown>();
    answers.beat = () => given.promise;
    await tick(300);
    answers.beat = never;
    await tick(200);
    given.resolve(alone());
    await tick(999);
    expect(peers.aloneForMs()).toBe(999);
    await tick(1);
    expect(peers.aloneForMs()).toBe(0);
  });

  it('tells what it has counted once another comes, and only then gives the lease back', async () => {
    const { peers, answers, done, state, askedFor } = open();
    answers.beat = alone;
    await tick(900);
    const told = Promise.withResolvers<void>();
    state.rejoined = () => told.promise;
    answers.beat = others;
    await tick(300);
    expect(peers.aloneForMs()).toBe(0);
    expect(done).toEqual([]);
    told.resolve();
    await tick(600);
    expect(done).toEqual(['left']);
    const [beat] = askedFor('beat');
    expect(askedFor('leave')).toEqual([{ command: 'leave', keys: beat?.keys, words: [beat?.words[0], 0] }]);
    // Once more alone, it begins anew.
    answers.beat = alone;
    await tick(300);
    expect(peers.aloneForMs()).toBe(0);
  });

  it('keeps the lease to its end while what it has counted cannot be told', async () => {
    const { answers, done, state } = open();
    answers.beat = alone;
    await tick(300);
    state.rejoined = away;
    answers.beat = others;
    await tick(600);
    expect(done).toEqual([]);
  });
});

describe('asking Redis', () => {
  it('says who asks, for how long it is one of them, and after which time it counts alone', async () => {
    const [one, other] = [open(), open({ graceMs: 200 })];
    await tick(300);
    const [beat] = one.askedFor('beat');
    expect(beat?.words).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), 4_000, 1_200, 60_000]);
    expect(beat?.keys.map((key) => /^\{[^}]+\}/.exec(String(key))?.[0])).toEqual(
      Array.from({ length: 3 }, () => '{actp:rate}'),
    );
    const [second] = other.askedFor('beat');
    expect(second?.words[3]).toBe(200);
    expect(second?.words[0]).not.toBe(beat?.words[0]);
  });

  it('may begin as soon as the gateway is known, and goes on for three seconds without an answer', async () => {
    const { peers, answers, beats } = open();
    expect(await peers.ready()).toBe(true);
    expect(beats()).toBe(1);
    answers.beat = never;
    await tick(2_999);
    expect(peers.ready()).toBe(true);
    await tick(1);
    expect(peers.ready()).not.toBe(true);
  });

  it('waits while another counts alone, all who ask together', async () => {
    const { peers, answers, beats } = open();
    const waits = [60_000, 1, 0];
    answers.beat = () => [-1, waits.shift() ?? 0, 0];
    expect(await Promise.all([peers.ready(), peers.ready()])).toEqual([true, true]);
    expect(beats()).toBe(3);
    expect(peers.ready()).toBe(true);
  });

  it('is not asked for longer than a lease lasts twice', async () => {
    const { peers, answers, beats } = open();
    answers.beat = () => [-1, 5, 0];
    const waiting = peers.ready();
    await tick(2_400);
    const soFar = beats();
    await eventually(() => beats() > soFar + 1);
    expect(await Promise.race([waiting, delay(1, 'still waits')])).toBe('still waits');
    await tick(1);
    expect(await waiting).toBe(true);
    expect(peers.ready()).toBe(true);
  });

  it('waits anew when the gateway was forgotten', async () => {
    const { peers, answers, beats } = open();
    await peers.ready();
    answers.beat = never;
    await tick(3_000);
    answers.beat = others;
    const soFar = beats();
    expect(await peers.ready()).toBe(true);
    expect(beats()).toBe(soFar + 1);
  });

  it.each(['connecting', 'connect'])('waits a moment for a connection that is %s', async (status) => {
    const [one, other] = [open(), open()];
    one.redis.status = status;
    const soon = one.peers.ready();
    await delay(20);
    expect(one.beats()).toBe(0);
    one.redis.status = 'ready';
    expect(await soon).toBe(true);
    other.redis.status = status;
    const late = other.peers.ready();
    await tick(299);
    await delay(20);
    expect(other.beats()).toBe(0);
    await tick(1);
    expect(await late).toBe(true);
  });

  it('waits for no connection that was lost', async () => {
    const { peers, redis, beats } = open();
    redis.status = 'reconnecting';
    void peers.ready();
    expect(beats()).toBe(1);
  });
});

describe('a Redis that is away', () => {
  it('is not asked for a second', async () => {
    const { peers, answers, beats } = open();
    expect(peers.away()).toBe(false);
    answers.beat = away;
    expect(await peers.ready()).toBe(false);
    expect(peers.away()).toBe(true);
    answers.beat = never;
    await tick(999);
    const soFar = beats();
    expect([peers.away(), peers.ready(), beats()]).toEqual([true, false, soFar]);
    await tick(1);
    expect(peers.away()).toBe(false);
    expect(peers.ready()).not.toBe(false);
    expect(beats()).toBe(soFar + 1);
  });

  it('is back with its first answer, or with its connection', async () => {
    const { peers, redis, answers, beats } = open();
    answers.beat = away;
    await tick(300);
    expect(peers.away()).toBe(true);
    answers.beat = others;
    await tick(300);
    expect(peers.away()).toBe(false);
    answers.beat = away;
    await tick(300);
    answers.beat = never;
    const soFar = beats();
    redis.emit('ready');
    expect(peers.away()).toBe(false);
    expect(beats()).toBe(soFar + 1);
  });

  it('ends no lease at once, since nobody else got one', async () => {
    const { peers, answers, done } = open();
    answers.beat = alone;
    await tick(600);
    answers.beat = away;
    await tick(600);
    expect(peers.aloneForMs()).toBe(900);
    expect(done).toEqual([]);
  });
});

describe('a gateway that ends', () => {
  it('tells what it has counted, then that it goes; and asks no more', async () => {
    const { peers, redis, answers, done, beats, askedFor } = open();
    answers.beat = alone;
    await tick(600);
    const late = Promise.withResolvers<unknown>();
    answers.beat = () => late.promise;
    await tick(300);
    const closing = peers.close();
    expect(peers.aloneForMs()).toBe(0);
    await closing;
    expect(done).toEqual(['rejoined', 'left']);
    expect(askedFor('leave')[0]?.words).toEqual([askedFor('beat')[0]?.words[0], 1]);
    late.resolve(alone());
    const soFar = beats();
    await tick(3_000);
    redis.emit('ready');
    expect([peers.aloneForMs(), peers.ready(), beats()]).toEqual([0, false, soFar]);
  });

  it('ends also when Redis is away', async () => {
    const { peers, answers } = open();
    answers.leave = away;
    await peers.close();
  });
});
