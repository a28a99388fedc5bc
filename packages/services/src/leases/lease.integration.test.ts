import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { expect, it } from 'vitest';
import { createLease } from './lease.ts';
import { takeLease } from './take.ts';

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

it('is taken by one worker, extended until it is given back, and lost when it is another’s', async () => {
  const [taken, other] = [await takeLease(db, 'worked', 600), await takeLease(db, 'worked', 600)];
  if (taken === null) throw new Error('nobody has it');
  expect(other).toBeNull();
  expect([await taken.held(), taken.lost.aborted]).toEqual([true, false]);
  await stores.sql.query(
    `update actp_leases set holder = 'another', expires_at = now() + interval '1 hour' where name = 'worked'`,
  );
  expect([await taken.held(), taken.lost.aborted]).toEqual([false, true]);
  await taken.release();
  const { rows } = await stores.sql.query(`select holder from actp_leases where name = 'worked'`);
  expect(rows).toEqual([{ holder: 'another' }]);
  const next = await takeLease(db, 'next', 600);
  await next?.release();
  const last = await takeLease(db, 'next', 600);
  expect(last?.holder).not.toBe(next?.holder);
  await last?.release();
});

it('is its worker’s to the end of its time while the database is away, and no longer', async () => {
  const state = { away: false };
  const flaky = {
    ...db,
    call: ((...work: Parameters<typeof db.call>) =>
      state.away ? Promise.reject(new Error('away')) : db.call(...work)) as typeof db.call,
  };
  const taken = await takeLease(flaky, 'away', 1);
  if (taken === null) throw new Error('nobody has it');
  state.away = true;
  // Lost without being asked for: whoever works has to hear of it.
  await eventually(() => taken.lost.aborted);
  expect(await taken.held()).toBe(false);
  await taken.release();
});
