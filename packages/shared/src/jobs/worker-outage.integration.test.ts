import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openNotify, type Notify } from './jobs.fixture.ts';
import { away, backWithinMs, consumes, sent } from './outage.fixture.ts';

const said = ({ lines }: Notify, message: string) =>
  lines.filter((line) => (JSON.parse(line) as { msg: string }).msg === message).length;

describe('after Redis was killed, a worker', () => {
  it('[I10] consumes again by itself, every time, and says so once each time', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    notify.work(sent);
    await consumes(notify);
    for (const times of [1, 2, 3]) {
      await away(redis, times * 500);
      await consumes(notify);
      expect(said(notify, 'worker has lost redis')).toBe(times);
      expect(said(notify, 'worker has redis again')).toBe(times);
    }
  });

  it('[I5] finishes the job that it was at, which runs once', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    const open = Promise.withResolvers<void>();
    let starts = 0;
    notify.work(async () => {
      starts += 1;
      await open.promise;
      return { state: 'sent' };
    });
    const id = await notify.add();
    await eventually(() => starts > 0);
    await redis.kill();
    open.resolve();
    await delay(1_000);
    await redis.start();
    await eventually(async () => (await notify.stateOf(id)) === 'completed', { within: backWithinMs });
    expect(starts).toBe(1);
  });

  it('[I5] finds the jobs that were waiting', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    const ids = await Promise.all(Array.from({ length: 50 }, () => notify.add()));
    await away(redis, 200);
    notify.work(sent);
    for (const id of ids) {
      await eventually(async () => (await notify.stateOf(id)) === 'completed', { within: backWithinMs });
    }
  });
});

describe('a worker', () => {
  it('[I10] may start before Redis does', async () => {
    const redis = await openOwnRedis({ started: false });
    const notify = openNotify(redis);
    notify.work(sent);
    await delay(1_500);
    await redis.start();
    await consumes(notify);
  });

  it('[I10] consumes again after Redis hung', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    notify.work(sent);
    await consumes(notify);
    redis.hold();
    await delay(3_000);
    redis.release();
    await consumes(notify);
  });

  it('goes on when somebody empties Redis', async () => {
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    notify.work(sent);
    await consumes(notify);
    const client = new Redis(redis.adminUrl);
    await client.flushall();
    await client.script('FLUSH');
    client.disconnect();
    await consumes(notify);
  });

  it('can be closed while Redis is away, has hung, or was never there', async () => {
    const never = await openOwnRedis({ started: false });
    await openNotify(never).work(sent).close();
    const redis = await openOwnRedis();
    const notify = openNotify(redis);
    const [one, other] = [notify.work(sent), notify.work(sent)];
    await consumes(notify);
    redis.hold();
    await one.close();
    redis.release();
    await redis.kill();
    await other.close();
  });
});
