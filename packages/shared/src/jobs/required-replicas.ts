import { redisKind, type RedisTarget } from '../redis-target.ts';
import type { Place } from './command-trace.ts';

// A cluster gets its first replica seldom.
const believedMs = 30_000;

/**
 * How many replicas have to hold what is acknowledged: what REDIS_MIN_REPLICAS says; without it one behind Sentinels, and one on
 * a cluster that has replicas, also while they are down.
 *
 * @returns undefined when that is none for good
 */
export function requiredReplicas(target: RedisTarget): ((place: Place) => Promise<number>) | undefined {
  const { REDIS_MIN_REPLICAS: configured } = target;
  if (configured === 0) return undefined;
  if (configured !== undefined) return () => Promise.resolve(configured);
  const kind = redisKind(target);
  if (kind === 'sentinel') return () => Promise.resolve(1);
  return kind === 'cluster' ? createClusterQuestion() : undefined;
}

function createClusterQuestion(): (place: Place) => Promise<number> {
  let known: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async ({ node }) => {
    if (known !== undefined && performance.now() - askedAt < believedMs) return known;
    try {
      known = hasReplicas(String(await node.call('cluster', 'nodes'))) ? 1 : 0;
      askedAt = performance.now();
    } catch (error) {
      if (known === undefined) throw error;
    }
    return known;
  };
}

/**
 * Whether a cluster keeps copies, by its CLUSTER NODES. A primary that has failed and whose slots another one has taken is a
 * replica when it comes back.
 */
export function hasReplicas(clusterNodes: string): boolean {
  return clusterNodes.split('\n').some((line) => {
    const [, , flags = '', , , , , , ...slots] = line.trim().split(' ');
    const names = flags.split(',');
    if (names.includes('noaddr') || names.includes('handshake')) return false;
    return (
      names.includes('slave') ||
      (names.includes('master') && names.some((name) => name.startsWith('fail')) && slots.length === 0)
    );
  });
}
