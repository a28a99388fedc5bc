import type { RedisTarget } from '@actp/shared/redis';
import type { RedisKind } from '@actp/shared/redis-target';
import type { StoreProblem } from './store-problem.ts';

/** What `INFO` says, by name. */
export type RedisInfo = ReadonlyMap<string, string>;

export function parseInfo(info: string): RedisInfo {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

const oldest = [6, 2] as const;

/** Why a Redis cannot serve the plane, by what it says of itself; undefined when it can. */
export function infoProblem(
  info: RedisInfo,
  key: 'REDIS_URL' | 'REDIS_CLUSTER_NODES',
): StoreProblem | undefined {
  const says = (problem: string, remedy: string): StoreProblem => ({
    problem: `The Redis server at ${key} ${problem}.`,
    remedy,
  });
  const clustered = info.get('cluster_enabled') === '1';
  if (info.get('redis_mode') === 'sentinel') {
    return says(
      'is a Sentinel, which stores no data',
      `Set REDIS_SENTINELS to it instead of ${key} (and REDIS_SENTINEL_NAME), or ${key} to the primary itself.`,
    );
  }
  if (clustered && key === 'REDIS_URL') {
    return says(
      'is a cluster node, which serves only a part of the keys',
      'Set REDIS_CLUSTER_NODES=host:port,host:port to nodes of that cluster instead of REDIS_URL, or use a Redis without cluster mode.',
    );
  }
  if (!clustered && key === 'REDIS_CLUSTER_NODES') {
    return says(
      'is not a cluster node (cluster-enabled no)',
      'Set REDIS_URL to it instead of REDIS_CLUSTER_NODES.',
    );
  }
  if (clustered && info.get('cluster_state') === 'fail') {
    return says(
      'is part of a cluster in the state "fail"',
      'Check CLUSTER INFO there: every slot must have a primary.',
    );
  }
  if (!clustered && info.get('role') === 'slave') {
    return says('is a read-only replica', `Set ${key} to its primary, or promote it (REPLICAOF NO ONE).`);
  }
  const version = info.get('redis_version') ?? '';
  if (isOlder(version)) {
    return says(
      `is too old (${version.replaceAll(/[^\d.]/g, '')})`,
      `Use Redis ${oldest.join('.')} or later, or Valkey.`,
    );
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    return says(
      'evicts keys when its memory is full (maxmemory-policy), which loses jobs and acknowledged events',
      'Set maxmemory-policy noeviction on that server (CONFIG SET maxmemory-policy noeviction, and in its configuration).',
    );
  }
  return undefined;
}

function isOlder(version: string): boolean {
  const [major, minor = 0] = version.split('.').map(Number);
  if (version === '' || major === undefined || Number.isNaN(major)) return false;
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}

/** What may be lost with a Redis that can serve. @param sync its `appendfsync`, where it says so */
export function dataLossWarning(info: RedisInfo, key: string, sync: string | undefined): string | undefined {
  if (info.get('aof_enabled') === '0') {
    return `Warning: the Redis server at ${key} has no append-only file. Jobs and acknowledged audit events (202) are LOST when it stops. Set on that server: appendonly yes, appendfsync always`;
  }
  if (sync !== undefined && sync !== 'always') {
    return `Warning: the Redis server at ${key} does not sync its append-only file before it responds (appendfsync). A power failure may lose jobs and acknowledged audit events (202). Set on that server: appendfsync always`;
  }
  return undefined;
}

/** What is not acknowledged for now, because replicas are missing that have to hold it. */
export function replicaWarning(
  info: RedisInfo,
  { REDIS_MIN_REPLICAS: configured }: RedisTarget,
  kind: RedisKind,
): string | undefined {
  // In a cluster the node that was asked may be a replica itself: /readyz looks at every primary.
  if (kind === 'cluster' || info.get('role') !== 'master') return undefined;
  const required = configured ?? (kind === 'sentinel' ? 1 : 0);
  const connected = Number(info.get('connected_slaves') ?? required);
  if (connected >= required) return undefined;
  return `Warning: the Redis server has ${connected} of ${required} replicas that have to hold what is acknowledged (REDIS_MIN_REPLICAS). Until they are there callers hear 503. Bring them back, or set REDIS_MIN_REPLICAS=0, with which a failover may lose acknowledged events.`;
}
