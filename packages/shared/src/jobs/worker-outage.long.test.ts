import { it } from 'vitest';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openNotify } from './jobs.fixture.ts';
import { away, consumes, sent } from './outage.fixture.ts';

it.each([1, 10, 60])('[I10] a worker consumes again after Redis was away for %i s', async (seconds) => {
  const redis = await openOwnRedis();
  const notify = openNotify(redis);
  notify.work(sent);
  await consumes(notify);
  await away(redis, seconds * 1_000);
  await consumes(notify);
});
