import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { expect, it } from 'vitest';
import { createLease } from './lease.ts';

const stores = await openStores();
const db = createDb(stores.env, 'bot', 20_000);

it('is held by one at a time, and free when given back or when its time is over', async () => {
  let now = 0;
  const of = (holder: string, seconds: number) =>
    createLease({ db, name: 'tested', holder, seconds, now: () => now });
  const [a, b] = [of('a', 600), of('b', 1)];
  expect([await a.acquire(), await b.acquire(), await a.acquire()]).toEqual([true, false, true]);
  expect([a.held(), b.held()]).toEqual([true, false]);
  await a.release();
  expect([a.held(), await b.acquire()]).toEqual([false, true]);
  // What we count ends before what the database counts.
  now += 1_000;
  expect(b.held()).toBe(false);
  await eventually(() => a.acquire());
});
