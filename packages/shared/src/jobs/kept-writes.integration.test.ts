import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openRedisCluster, type RedisCluster } from '@actp/testing/redis-cluster';
import { openRedisSentinels } from '@actp/testing/redis-sentinels';
import { cutLink, isFollowing, mendLink } from '@actp/testing/redis-server';
import { parseConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { redisShape } from '../redis.ts';
import { createProducer, type Producer } from './producer.ts';

const log = createLogger({ app: 'test', level: 'silent' });

function openProducer(env: Record<string, string>): Producer {
  const producer = createProducer({ redis: parseConfig(redisShape, env), log });
  atEnd(() => producer.close());
  return producer;
}

const selfTest = (producer: Producer, jobId: string) =>
  producer.add('run-self-test', { trigger: 'http' }, { jobId });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => String(error),
  );

/** Which of these jobs are there. */
async function present(producer: Producer, ids: readonly string[]): Promise<string[]> {
  return eventually(async () => {
    const found = await Promise.all(ids.map((id) => producer.use('selftest', (queue) => queue.getJob(id))));
    return ids.filter((_, index) => found[index] !== undefined);
  });
}

async function replaceThePrimary({ primaries, replicas }: RedisCluster): Promise<void> {
  await primaries[0]?.kill();
  const admin = replicas[0]?.admin;
  await admin?.call('cluster', 'failover', 'takeover');
  await eventually(async () => (await admin?.info('replication'))?.includes('role:master'));
}

function pairOf({ primaries: [primary], replicas: [replica] }: RedisCluster) {
  if (primary === undefined || replica === undefined) throw new Error('a cluster of two');
  return { primary, replica };
}

const numbered = (prefix: string, count = 45) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe('a job on a cluster with a password and a replica', () => {
  it('is on the replica when it is acknowledged, and is refused while it cannot be', async () => {
    const cluster = await openRedisCluster({ primaries: 1, replicas: 1 });
    const { primary, replica } = pairOf(cluster);
    const producer = openProducer({ REDIS_CLUSTER_NODES: cluster.nodes });
    await eventually(() => selfTest(producer, 'first').then(() => true));
    const kept = numbered('kept');
    await Promise.all(kept.map((id) => selfTest(producer, id)));
    await producer.probe();

    await cutLink(primary, replica);
    const tried = numbered('cut-off');
    const answers = await Promise.all(tried.map((id) => refusal(selfTest(producer, id))));
    expect(new Set(answers)).toEqual(
      new Set(['AppError: redis has too few replicas that hold what was written (REDIS_MIN_REPLICAS)']),
    );
    await expect(producer.probe()).rejects.toThrow('too few replicas');

    await replaceThePrimary(cluster);
    expect(await present(producer, kept)).toEqual(kept);

    // The old primary comes back as a replica, and everything goes on; what was refused can be asked for again.
    await mendLink(replica);
    await primary.start();
    await eventually(() => isFollowing(primary));
    await eventually(() => selfTest(producer, 'cut-off-0').then(() => true));
    await Promise.all(tried.map((id) => selfTest(producer, id)));
    await producer.probe();
    expect(await present(producer, tried)).toEqual(tried);
  });

  it('may be lost with REDIS_MIN_REPLICAS=0, when a replica that lagged takes over', async () => {
    const cluster = await openRedisCluster({ primaries: 1, replicas: 1 });
    const { primary, replica } = pairOf(cluster);
    const producer = openProducer({ REDIS_CLUSTER_NODES: cluster.nodes, REDIS_MIN_REPLICAS: '0' });
    await eventually(() => selfTest(producer, 'first').then(() => true));
    await eventually(async () => (await primary.admin.call('wait', 1, 100)) === 1);
    await cutLink(primary, replica);
    const lost = numbered('lost');
    await Promise.all(lost.map((id) => selfTest(producer, id)));
    await replaceThePrimary(cluster);
    expect(await present(producer, lost)).toEqual([]);
  });
});

describe('a job behind Sentinels', () => {
  it('is on the replica when it is acknowledged, and the next primary takes jobs', async () => {
    const group = await openRedisSentinels();
    const producer = openProducer(group.env);
    await eventually(() => selfTest(producer, 'first').then(() => true));
    const kept = numbered('kept');
    await Promise.all(kept.map((id) => selfTest(producer, id)));
    await group.primary.kill();
    await group.failOver();
    expect(await present(producer, kept)).toEqual(kept);

    // It is alone until the old primary follows it.
    expect(await refusal(selfTest(producer, 'alone'))).toMatch(/unavailable|too few replicas/);
    await group.primary.start();
    await group.primary.admin.replicaof('127.0.0.1', group.replica.port);
    await eventually(() => isFollowing(group.primary));
    await eventually(() => selfTest(producer, 'alone').then(() => true));
  });
});
