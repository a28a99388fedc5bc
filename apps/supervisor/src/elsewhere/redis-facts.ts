import type { StoreProblem } from './store-problem.ts';

/** What `INFO` says, by name. */
export type RedisFacts = ReadonlyMap<string, string>;

export function factsOf(info: string): RedisFacts {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

const oldest = [6, 2] as const;

/** Why a Redis cannot serve the plane, by what it says of itself; undefined when it can. */
export function factProblem(
  facts: RedisFacts,
  key: 'REDIS_URL' | 'REDIS_CLUSTER_NODES',
): StoreProblem | undefined {
  const says = (problem: string, remedy: string): StoreProblem => ({
    problem: `The Redis that ${key} names ${problem}.`,
    remedy,
  });
  const clustered = facts.get('cluster_enabled') === '1';
  if (facts.get('redis_mode') === 'sentinel') {
    return says('is a Sentinel, which stores nothing', `Name the primary itself in ${key}.`);
  }
  if (clustered && key === 'REDIS_URL') {
    return says(
      'is a node of a cluster, which serves a part of the keys only',
      'Set REDIS_CLUSTER_NODES=host:port,host:port to nodes of that cluster instead of REDIS_URL, or name a Redis without cluster mode.',
    );
  }
  if (!clustered && key === 'REDIS_CLUSTER_NODES') {
    return says(
      'is no node of a cluster (cluster-enabled no)',
      'Set REDIS_URL to it instead of REDIS_CLUSTER_NODES.',
    );
  }
  if (clustered && facts.get('cluster_state') === 'fail') {
    return says(
      'is of a cluster that is not whole',
      'Look at CLUSTER INFO there: every slot must have a primary.',
    );
  }
  if (!clustered && facts.get('role') === 'slave') {
    return says(
      'is a replica, which takes no writes',
      `Name its primary in ${key}, or make it one (REPLICAOF NO ONE).`,
    );
  }
  const version = facts.get('redis_version') ?? '';
  if (isOlder(version)) {
    return says(
      `is too old (${version.replaceAll(/[^\d.]/g, '')})`,
      `Name a Redis ${oldest.join('.')} or later, or Valkey.`,
    );
  }
  const policy = facts.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    return says(
      'throws away keys when its memory is full (maxmemory-policy), so that jobs and acknowledged events are lost',
      'Set there: maxmemory-policy noeviction (CONFIG SET maxmemory-policy noeviction, and in its configuration).',
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
export function lossWarning(facts: RedisFacts, key: string, sync: string | undefined): string | undefined {
  if (facts.get('aof_enabled') === '0') {
    return `Warning: the Redis that ${key} names writes no append-only file. Jobs and audit events that were acknowledged (202) are LOST when it ends. Set there: appendonly yes, appendfsync always`;
  }
  if (sync !== undefined && sync !== 'always') {
    return `Warning: the Redis that ${key} names does not sync its file before it answers (appendfsync). A power cut may take jobs and audit events that were acknowledged (202). Set there: appendfsync always`;
  }
  return undefined;
}
