import { expect, it } from 'vitest';
import { connectRedis, workerOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { createChangePublisher, followChanges } from './channel.ts';

it('a change is announced to all who follow its channel, also after Redis was away', async () => {
  const redis = await openOwnRedis();
  const channel = 'actp:approvals';
  const [one, other]: string[][] = [[], []];
  const publisher = createChangePublisher(redis.env, channel);
  const ends = [
    followChanges(redis.env, channel, (id) => one?.push(id)),
    followChanges(redis.env, channel, (id) => other?.push(id)),
  ];
  atEnd(() => {
    publisher.close();
    for (const end of ends) end();
  });
  // Until both are there: what is announced before they are is lost.
  const reaches = (id: string, ...all: Array<string[] | undefined>) =>
    eventually(() => {
      publisher.publish(id);
      return all.every((seen) => seen?.includes(id));
    });
  await reaches('a', one, other);
  await redis.kill();
  publisher.publish('lost');
  await redis.start();
  await reaches('b', one, other);
  expect(one).not.toContain('lost');
  ends[1]?.();
  await reaches('c', one);
  expect(other).not.toContain('c');
  publisher.close();
  ends[0]?.();
  // Nobody is left but who asks.
  const admin = connectRedis({ REDIS_URL: redis.adminUrl, REDIS_CLUSTER_NODES: [] }, workerOptions);
  atEnd(() => admin.disconnect());
  await eventually(
    async () =>
      String(await admin.call('client', 'list'))
        .trim()
        .split('\n').length === 1,
  );
});
