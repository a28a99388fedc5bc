import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { taskAttention } from './attention.ts';
import { createTaskHub } from './hub.ts';
import { payLedger } from './pay-ledger.ts';
import { openTasks, redeem, release } from './releases.fixture.ts';

const stores = await openStores();
const { executor, task, approved } = await openTasks(stores);

it('what people may have to look at is counted, the oldest unknown effects with their reasons', async () => {
  const bot = createDb(stores.env, 'bot', 20_000);
  expect(await taskAttention(bot, 1)).toEqual({
    ...{ now: expect.any(String) as string, open: [], unknown: 0, effects: [] },
  });
  const store = executor();
  const ids: string[] = [];
  for (const reason of ['no answer', 'timed out']) {
    const id = await approved(store);
    const { effect } = await store.release(id, release, redeem);
    await store.beginAttempt(id, effect?.id ?? '');
    await store.record(id, effect?.id ?? '', { state: 'unknown', reason });
    ids.push(id);
  }
  const waiting = await task();
  const { now, open, unknown, effects } = await taskAttention(bot, 1);
  const since = expect.any(String) as string;
  expect(Date.parse(now)).toBeGreaterThan(0);
  expect(open).toEqual([
    { status: 'queued', tasks: 1, since },
    { status: 'running', tasks: 2, since },
  ]);
  expect(unknown).toBe(2);
  expect(effects).toEqual([
    { id: expect.any(String) as string, task_id: ids[0], kind: 'payment', reason: 'no answer', since },
  ]);
  await stores.sql.query('delete from actp_tasks where id = $1', [waiting]);
});

it('a payment is recorded once, for its key and as it was released', async () => {
  const db = createDb(stores.env, 'executor', 20_000);
  const store = executor();
  const id = await approved(store);
  const payload = {
    ...{ asset_id: 'bitcoin', quantity: 0.5, unit_price_usd: 10, amount_minor: 500, currency: 'usd' },
  };
  await store.release(id, { ...release, payload }, redeem);
  const key = `actp-key-of-${id}`;
  const recorded = await payLedger(db, key, payload);
  expect(recorded).toMatch(/^[\da-f-]{36}$/);
  expect(await payLedger(db, key, payload)).toBe(recorded);
  expect(await payLedger(db, key, { ...payload, quantity: 1 })).toBeUndefined();
  expect(await payLedger(db, `actp-key-of-${randomUUID()}`, payload)).toBeUndefined();
  const { rows } = await stores.sql.query('select id, amount_minor::int from actp_ledger');
  expect(rows).toEqual([{ id: recorded, amount_minor: 500 }]);
});

it('who waits for a task learns of its changes, also of those that nobody announces', async () => {
  const db = createDb(stores.env, 'gateway', 20_000);
  const log = createLogger({ app: 'test', level: 'silent' });
  const hub = createTaskHub({ db, redis: stores.env, log });
  atEnd(() => {
    hub.close();
  });
  const id = await task();
  const follower = hub.follow(id);
  expect(await follower.look()).toMatchObject({ id, status: 'queued', steps: [] });
  await executor().claim(id);
  await stores.sql.query('update actp_tasks set version = version + 1 where id = $1', [id]);
  expect(await follower.changed(new AbortController().signal)).toBe(true);
  expect(await follower.look()).toMatchObject({ id });
});
