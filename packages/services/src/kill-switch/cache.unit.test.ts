import { describe, expect, it } from 'vitest';
import { createKillSwitchCache } from './cache.ts';

function openCache() {
  let time = 0;
  let asked = 0;
  let away = false;
  let slow: Promise<void> | undefined;
  const cache = createKillSwitchCache(
    () => {
      asked += 1;
      const answer = asked;
      return (slow ?? Promise.resolve()).then(() => (away ? Promise.reject(new Error('away')) : answer));
    },
    () => time,
  );
  return {
    assert: () => cache.read(),
    hold: () => {
      const held = Promise.withResolvers<void>();
      slow = held.promise;
      return () => {
        slow = undefined;
        held.resolve();
      };
    },
    pass: (ms: number) => {
      time += ms;
    },
    set: (state: 'away' | 'there') => {
      away = state === 'away';
    },
    asked: () => asked,
  };
}

describe('the pulse of the database', () => {
  it('is one question for many callers, and none while the answer is fresh', async () => {
    const cache = openCache();
    await Promise.all(Array.from({ length: 50 }, cache.assert));
    expect(cache.asked()).toBe(1);
    cache.pass(99);
    await cache.assert();
    expect(cache.asked()).toBe(1);
  });

  it('is asked again before the answer is too old', async () => {
    const cache = openCache();
    await cache.assert();
    cache.pass(150);
    await cache.assert();
    expect(cache.asked()).toBe(2);
  });

  it('is not believed after a quarter of a second, nor after a failure', async () => {
    const cache = openCache();
    await cache.assert();
    cache.set('away');
    cache.pass(250);
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
    cache.set('there');
    await cache.assert();
  });

  it('says what the database said last', async () => {
    const cache = openCache();
    expect(await cache.assert()).toBe(1);
    cache.pass(99);
    expect(await cache.assert()).toBe(1);
    cache.pass(200);
    expect(await cache.assert()).toBe(2);
  });

  it('does not believe an answer that was under way for nearly a second', async () => {
    const cache = openCache();
    const release = cache.hold();
    const answer = cache.assert();
    cache.pass(901);
    release();
    // The second answer, at once.
    expect(await answer).toBe(2);
    const releaseAgain = cache.hold();
    cache.pass(300);
    const other = cache.assert();
    cache.set('away');
    cache.pass(901);
    releaseAgain();
    await expect(other).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends as soon as a question in between fails', async () => {
    const cache = openCache();
    await cache.assert();
    cache.set('away');
    cache.pass(150);
    await cache.assert();
    await new Promise(setImmediate);
    cache.pass(1);
    await expect(cache.assert()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
