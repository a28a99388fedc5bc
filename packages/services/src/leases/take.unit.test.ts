import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { takeLease } from './take.ts';

const asked: string[] = [];
const state = { away: false, ours: true };
const db = {
  call: (build: (client: never) => unknown) => {
    build({ rpc: (name: string) => asked.push(name) } as never);
    return state.away ? Promise.reject(new Error('away')) : Promise.resolve(state.ours as never);
  },
};
const take = async () => {
  const taken = await takeLease(db, 'a-task', 10);
  if (taken === null) throw new Error('nobody has it');
  asked.length = 0;
  return taken;
};

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(state, { away: false, ours: true });
});
afterEach(() => void vi.useRealTimers());

it('is extended five times in its time, until it is given back', async () => {
  const taken = await take();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(8_001);
  expect(asked).toEqual(Array.from({ length: 5 }, () => 'acquire_lease'));
  await taken.release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.slice(5)).toEqual(['release_lease']);
});

it('is lost as soon as it is found to be another’s', async () => {
  const taken = await take();
  state.ours = false;
  expect(taken.lost.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(taken.lost.aborted).toBe(true);
  // What was lost is not given back, and does not become ours again.
  state.ours = true;
  expect(await taken.held()).toBe(false);
});

it('is not lost while the database is away, before its time is over; and giving it back never fails', async () => {
  const taken = await take();
  state.away = true;
  await vi.advanceTimersByTimeAsync(9_000);
  expect(await taken.held()).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(taken.lost.aborted).toBe(true);
  await expect(taken.release()).resolves.toBeUndefined();
});
