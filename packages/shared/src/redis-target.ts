import { ConfigError } from './errors.ts';
import { accessOf, type RedisNode } from './redis-node.ts';

/** Which Redis is used: one server, a cluster, or the primary that Sentinels name. */
export interface RedisTarget {
  readonly REDIS_URL?: string | undefined;
  readonly REDIS_CLUSTER_NODES: readonly RedisNode[];
  readonly REDIS_SENTINELS?: readonly RedisNode[] | undefined;
  readonly REDIS_SENTINEL_NAME?: string | undefined;
  /** Unset: as many as its kind allows. */
  readonly REDIS_MIN_REPLICAS?: number | undefined;
}

export type RedisKind = 'single' | 'cluster' | 'sentinel';

export const defaultSentinelName = 'mymaster';

export function redisKind(target: Partial<RedisTarget>): RedisKind | undefined {
  if ((target.REDIS_SENTINELS ?? []).length > 0) return 'sentinel';
  if ((target.REDIS_CLUSTER_NODES ?? []).length > 0) return 'cluster';
  return target.REDIS_URL === undefined ? undefined : 'single';
}

/** The setting that says where it is. */
export function redisKey(
  target: Partial<RedisTarget>,
): 'REDIS_URL' | 'REDIS_CLUSTER_NODES' | 'REDIS_SENTINELS' {
  const kind = redisKind(target);
  if (kind === 'cluster') return 'REDIS_CLUSTER_NODES';
  return kind === 'sentinel' ? 'REDIS_SENTINELS' : 'REDIS_URL';
}

/** Whether what holds the data is spoken to with TLS. */
export function usesTls(target: RedisTarget): boolean {
  return redisKind(target) === 'cluster'
    ? accessOf(target.REDIS_CLUSTER_NODES).tls === true
    : target.REDIS_URL?.startsWith('rediss:') === true;
}

/** What is wrong with the settings of Redis as a whole: two that name a server each. */
export function redisConflicts(target: Partial<RedisTarget>): Array<{ key: string; rule: string }> {
  const sentinels = (target.REDIS_SENTINELS ?? []).length > 0;
  const cluster = (target.REDIS_CLUSTER_NODES ?? []).length > 0;
  if (sentinels && cluster) {
    return [{ key: 'REDIS_SENTINELS', rule: 'must not be set together with REDIS_CLUSTER_NODES' }];
  }
  if (target.REDIS_URL === undefined) return [];
  if (cluster) {
    const rule =
      'must not be set together with REDIS_URL (user and password stand in its own URLs: redis://user:password@host:port)';
    return [{ key: 'REDIS_CLUSTER_NODES', rule }];
  }
  if (sentinels && !namesTheGroup(target.REDIS_URL, target.REDIS_SENTINEL_NAME)) {
    const rule =
      'must have the name in REDIS_SENTINEL_NAME as its host, and no port, together with REDIS_SENTINELS (redis://user:password@mymaster/0): the Sentinels say which server it is';
    return [{ key: 'REDIS_URL', rule }];
  }
  return [];
}

/** @throws ConfigError naming the settings that do not go together, or that none is set */
export function assertRedisTarget(target: RedisTarget): RedisKind {
  const problems = redisConflicts(target);
  if (problems.length > 0) throw new ConfigError(problems);
  const kind = redisKind(target);
  if (kind !== undefined) return kind;
  throw new ConfigError([
    { key: 'REDIS_URL', rule: 'must be set (or REDIS_CLUSTER_NODES, or REDIS_SENTINELS)' },
  ]);
}

function namesTheGroup(url: string, name = defaultSentinelName): boolean {
  const { hostname, port } = new URL(url);
  return hostname.toLowerCase() === name.toLowerCase() && port === '';
}
