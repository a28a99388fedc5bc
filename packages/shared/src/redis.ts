import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { batchWrites } from './batch-writes.ts';
import type { ConfigOf } from './config.ts';
import { ConfigError } from './errors.ts';
import { settings } from './settings.ts';

/** The settings that say which Redis is used; part of every app's configuration that needs it. */
export const redisShape = {
  REDIS_URL: settings.REDIS_URL,
  REDIS_CLUSTER_NODES: settings.REDIS_CLUSTER_NODES,
};

export type RedisTarget = ConfigOf<typeof redisShape>;

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
 * A connection to the configured Redis or Redis Cluster.
 *
 * @param how.batched false: each command is sent at once, for those that a caller waits for and that come one by one
 * @throws ConfigError when neither is configured
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
  const nodes = target.REDIS_CLUSTER_NODES;
  if (nodes.length > 0) {
    return new Cluster([...nodes], {
      enableOfflineQueue: options.enableOfflineQueue ?? true,
      clusterRetryStrategy: retryStrategy,
      redisOptions: options,
    });
  }
  if (target.REDIS_URL === undefined) {
    throw new ConfigError([{ key: 'REDIS_URL', rule: 'must be set (or REDIS_CLUSTER_NODES)' }]);
  }
  return new Redis(target.REDIS_URL, options);
}
