import { expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { createBacklog } from './backlog.ts';

const log = createLogger({ app: 'test', level: 'silent' });
const backlogOf = (answer: () => Promise<unknown>) =>
  createBacklog({ db: { call: answer } as unknown as Db, log });

it.each<[what: string, answer: () => Promise<unknown>, late: boolean]>([
  ['nobody had fetched any for long', async () => true, true],
  ['they were fetched all the time', async () => false, false],
  ['nobody knows', () => Promise.reject(new Error('no database')), true],
])('[SEC-011] whether updates may have waited: %s', async (_what, answer, late) => {
  expect(await backlogOf(answer).polled()).toBe(late);
});

it('remembers the updates of the newest batches', () => {
  const backlog = backlogOf(async () => false);
  backlog.add(Array.from({ length: 100 }, (_, index) => index));
  backlog.add(Array.from({ length: 1_000 }, (_, index) => 1_000 + index));
  expect([0, 99, 999, 2_000].map((id) => backlog.has(id))).toEqual([false, false, false, false]);
  expect([1_000, 1_999].map((id) => backlog.has(id))).toEqual([true, true]);
});
