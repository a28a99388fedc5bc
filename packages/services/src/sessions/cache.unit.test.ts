import { describe, expect, it } from 'vitest';
import { createSessionCache } from './cache.ts';

const person = {
  id: '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11',
  email: 'a@b.c',
  name: null,
  role: 'operator',
} as const;

/** A cache with a clock and a database of the test. */
function cacheOf() {
  const state = { now: 0, alive: true, away: false, asked: 0 };
  const cache = createSessionCache(
    () => {
      state.asked += 1;
      if (state.away) return Promise.reject(new Error('away'));
      return Promise.resolve(state.alive ? person : undefined);
    },
    () => state.now,
  );
  return { state, read: (id = 's') => cache.read(id, 'api'), page: () => cache.read('s', 'page'), cache };
}

describe('[TRU-003] what a gateway believes of a session', () => {
  it('is a quarter of a second old at most', async () => {
    const { state, read } = cacheOf();
    expect(await read()).toEqual(person);
    state.alive = false;
    state.now = 249;
    expect(await read()).toEqual(person);
    expect(state.asked).toBe(1);
    state.now = 250;
    expect(await read()).toBeUndefined();
  });

  it('is asked once for many callers, and apart for each session and kind', async () => {
    const { state, read, page } = cacheOf();
    await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(state.asked).toBe(1);
    await read('another');
    await page();
    expect(state.asked).toBe(3);
  });

  it('is nothing while the database is away, also when it was alive a moment ago', async () => {
    const { state, read } = cacheOf();
    await read();
    state.away = true;
    state.now = 250;
    await expect(read()).rejects.toThrow('away');
    state.away = false;
    expect(await read()).toEqual(person);
  });

  it('is held for ten thousand sessions, and for a new one in place of all of them', async () => {
    const { state, read } = cacheOf();
    for (let n = 0; n < 10_000; n += 1) await read(String(n));
    await read('0');
    expect(state.asked).toBe(10_000);
    await read('one more');
    await read('0');
    expect(state.asked).toBe(10_002);
  });

  it('is asked anew after a session has ended here', async () => {
    const { state, read, cache } = cacheOf();
    await read();
    state.alive = false;
    cache.invalidate();
    expect(await read()).toBeUndefined();
  });
});
