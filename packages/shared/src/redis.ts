import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { batchWrites } from './batch-writes.ts';
import { accessOf } from './redis-node.ts';
import { assertRedisTarget, defaultSentinelName, usesTls, type RedisTarget } from './redis-target.ts';
import { settings } from './settings.ts';

/** The settings that say which Redis is used; part of every app's configuration that needs it. */
export const redisShape = {
  REDIS_URL: settings.REDIS_URL,
  REDIS_CLUSTER_NODES: settings.REDIS_CLUSTER_NODES,
  REDIS_SENTINELS: settings.REDIS_SENTINELS,
  REDIS_SENTINEL_NAME: settings.REDIS_SENTINEL_NAME,
  REDIS_MIN_REPLICAS: settings.REDIS_MIN_REPLICAS,
};

export type { RedisTarget } from './redis-target.ts';

// A second at most between two attempts: service has to be back within 10 s of Redis' return.
const retryStrategy = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);

/**
 * For callers that need an answer now (gateway, health checks): no waiting line while Redis is away, and every
 * command has an end. Failing commands are the caller's to map.
 */
export const failFastOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 1_500,
  connectTimeout: 1_500,
  keepAlive: 10_000,
  retryStrategy,
} satisfies RedisOptions;

/** For workers: blocked reads wait as long as it takes, and come back by themselves after an outage (BullMQ's demand). */
export const workerOptions = {
  maxRetriesPerRequest: null,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  retryStrategy,
} satisfies RedisOptions;

/**
 * A connection to the configured Redis, to the primary that the Sentinels name, or to the Redis Cluster.
 *
 * @param how.batched false: each command is sent at once, for those that a caller waits for and that come one by one
 * @throws ConfigError when none is configured, or two are
 */
export function connectRedis(
  target: RedisTarget,
  options: RedisOptions,
  how: { batched?: boolean } = {},
): Redis | Cluster {
  const connection = connect(target, options);
  return how.batched === false ? connection : batchWrites(connection);
}

function connect(target: RedisTarget, options: RedisOptions): Redis | Cluster {
  const kind = assertRedisTarget(target);
  if (kind === 'cluster') return connectCluster(target, options);
  return kind === 'sentinel' ? connectByName(target, options) : new Redis(target.REDIS_URL ?? '', options);
}

function connectCluster({ REDIS_CLUSTER_NODES: nodes }: RedisTarget, options: RedisOptions): Cluster {
  const { tls, ...credentials } = accessOf(nodes);
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      enableOfflineQueue: options.enableOfflineQueue ?? true,
      clusterRetryStrategy: retryStrategy,
      redisOptions: { ...options, ...credentials, ...(tls === true ? { tls: {} } : {}) },
      // A certificate is for a name, not for the address that the client would look up.
      ...(tls === true ? { dnsLookup: (host, done) => done(null, host) } : {}),
    },
  );
}

function connectByName(target: RedisTarget, options: RedisOptions): Redis {
  const sentinels = target.REDIS_SENTINELS ?? [];
  const { username, password, tls } = accessOf(sentinels);
  return new Redis(target.REDIS_URL ?? 'redis://', {
    ...options,
    sentinels: sentinels.map(({ host, port }) => ({ host, port })),
    name: target.REDIS_SENTINEL_NAME ?? defaultSentinelName,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === true ? { sentinelTLS: {} } : {}),
    ...(usesTls(target) ? { tls: {}, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: retryStrategy,
    // A primary that became a replica keeps its connections: the Sentinels know the new one.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
  });
}
