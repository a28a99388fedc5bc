import { expect, it } from 'vitest';
import { createLease } from './lease.ts';

/** A database that says this to each who asks for a lease, and what it was asked. */
function open(...answers: boolean[]) {
  const asked: unknown[] = [];
  let now = 0;
  const db = {
    call: (build: (client: never) => unknown) => {
      const rpc = (name: string, values: object) => asked.push([name, values]);
      build({ rpc } as never);
      // An answer takes its time.
      now += 100;
      return Promise.resolve((answers.shift() ?? null) as never);
    },
  };
  const lease = createLease({ db, name: 'cleaning', holder: 'me', seconds: 1, now: () => now });
  return { asked, lease, pass: (ms: number) => (now += ms) };
}
const mine = { p_name: 'cleaning', p_holder: 'me' };

it('ends before the database says so, counted from before it was asked', async () => {
  const { lease, asked, pass } = open(true);
  expect(lease.held()).toBe(false);
  expect(await lease.acquire()).toBe(true);
  pass(899);
  expect(lease.held()).toBe(true);
  pass(1);
  expect(lease.held()).toBe(false);
  expect(asked).toEqual([['acquire_lease', { ...mine, p_seconds: 1 }]]);
});

it('is over as soon as another one has it', async () => {
  const { lease } = open(true, false);
  await lease.acquire();
  expect(await lease.acquire()).toBe(false);
  expect(lease.held()).toBe(false);
});

it('is given back once, and only when it was ours', async () => {
  const { lease, asked } = open(false, true);
  await lease.release();
  await lease.acquire();
  await lease.release();
  expect(asked).toHaveLength(1);
  await lease.acquire();
  await lease.release();
  await lease.release();
  expect(lease.held()).toBe(false);
  expect(asked.slice(1)).toEqual([
    ['acquire_lease', { ...mine, p_seconds: 1 }],
    ['release_lease', mine],
  ]);
});
