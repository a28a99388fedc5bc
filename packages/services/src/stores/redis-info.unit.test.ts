import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '@actp/shared/redis';
import type { RedisKind } from '@actp/shared/redis-target';
import { dataLossWarning, infoProblem, parseInfo, replicaWarning } from './redis-info.ts';

const info = (more: Record<string, string>) =>
  parseInfo(
    Object.entries({ redis_version: '7.0.15', redis_mode: 'standalone', role: 'master', ...more })
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join(''),
  );

describe('what a Redis says of itself', () => {
  it('is read by name, up to the end of each line', () => {
    const said = '# Server\r\nredis_version:7.2.4\r\nexecutable:/a:b\n\r\nnothing\r\nempty:\r\n';
    expect([...parseInfo(said)]).toEqual([
      ['redis_version', '7.2.4'],
      ['executable', '/a:b'],
      ['empty', ''],
    ]);
  });

  it.each([
    ['6.2.0', undefined],
    ['6.10.1', undefined],
    ['7.0.15', undefined],
    ['7.2.4', undefined],
    ['10.0.1', undefined],
    ['255.255.255', undefined],
    ['unstable', undefined],
    ['', undefined],
    ['6.0.16', 'is too old (6.0.16)'],
    ['6', 'is too old (6)'],
    ['5.9.7', 'is too old (5.9.7)'],
    ['5.0.7\u001B[31m', 'is too old (5.0.731)'],
  ])('version %j', (redis_version, problem) => {
    const found = infoProblem(info({ redis_version }), 'REDIS_URL');
    expect(found?.problem).toEqual(problem && `The Redis server at REDIS_URL ${problem}.`);
    expect(found?.remedy).toEqual(problem && 'Use Redis 6.2 or later, or Valkey.');
  });

  it.each([
    ['REDIS_URL', {}],
    ['REDIS_URL', { cluster_enabled: '0', maxmemory_policy: 'noeviction' }],
    ['REDIS_URL', { cluster_state: 'fail' }],
    ['REDIS_CLUSTER_NODES', { cluster_enabled: '1', redis_mode: 'cluster', cluster_state: 'ok' }],
    // Any node of a cluster may be asked.
    ['REDIS_CLUSTER_NODES', { cluster_enabled: '1', role: 'slave' }],
  ] as const)('can serve at %s: %j', (key, said) => {
    expect(infoProblem(info(said), key)).toBeUndefined();
  });

  it('can serve when it says little', () => {
    expect(infoProblem(parseInfo('# Server\r\n'), 'REDIS_URL')).toBeUndefined();
  });

  it.each([
    [
      'REDIS_URL',
      { redis_mode: 'sentinel' },
      'is a Sentinel, which stores no data',
      'Set REDIS_SENTINELS to it instead of REDIS_URL',
    ],
    ['REDIS_URL', { cluster_enabled: '1' }, 'is a cluster node', 'Set REDIS_CLUSTER_NODES=host:port'],
    ['REDIS_CLUSTER_NODES', { cluster_enabled: '0' }, 'is not a cluster node', 'Set REDIS_URL to it'],
    [
      'REDIS_CLUSTER_NODES',
      { cluster_enabled: '1', cluster_state: 'fail' },
      'is part of a cluster in the state "fail"',
      'every slot must have a primary',
    ],
    ['REDIS_URL', { role: 'slave' }, 'is a read-only replica', 'Set REDIS_URL to its primary'],
    ['REDIS_URL', { maxmemory_policy: 'allkeys-lru' }, 'evicts keys', 'Set maxmemory-policy noeviction'],
    [
      'REDIS_CLUSTER_NODES',
      { cluster_enabled: '1', maxmemory_policy: 'volatile-ttl' },
      'evicts keys',
      'Set maxmemory-policy noeviction',
    ],
  ] as const)('cannot serve at %s: %j', (key, said, problem, remedy) => {
    const found = infoProblem(info(said), key);
    expect(found?.problem).toContain(`The Redis server at ${key} ${problem}`);
    expect(found?.remedy).toContain(remedy);
  });
});

describe('what a Redis may lose', () => {
  const warning = (said: Record<string, string>, sync?: string) =>
    dataLossWarning(info(said), 'REDIS_URL', sync);

  it('is nothing when it syncs each write, or does not say', () => {
    expect(warning({ aof_enabled: '1' }, 'always')).toBeUndefined();
    expect(warning({ aof_enabled: '1' })).toBeUndefined();
    expect(warning({})).toBeUndefined();
  });

  it('is everything without an append-only file, and the last writes when they are synced later', () => {
    expect(warning({ aof_enabled: '0' }, 'always')).toMatch(/REDIS_URL has no append-only file/);
    expect(warning({ aof_enabled: '1' }, 'everysec')).toMatch(
      /REDIS_URL does not sync .* before it responds/,
    );
  });
});

describe('replicas that have to hold what is acknowledged', () => {
  const warning = (kind: RedisKind, said: Record<string, string>, configured?: number) =>
    replicaWarning(
      info(said),
      { REDIS_CLUSTER_NODES: [], REDIS_MIN_REPLICAS: configured } satisfies RedisTarget,
      kind,
    );

  it.each<[kind: RedisKind, said: Record<string, string>, configured: number | undefined, missing?: string]>([
    ['single', { connected_slaves: '0' }, undefined],
    ['single', { connected_slaves: '1' }, 1],
    ['single', { connected_slaves: '1' }, 2, '1 of 2'],
    ['single', {}, 2],
    ['sentinel', { connected_slaves: '1' }, undefined],
    ['sentinel', { connected_slaves: '0' }, undefined, '0 of 1'],
    ['sentinel', { connected_slaves: '0' }, 0],
    // These are not the primary that writes go to, or perhaps not.
    ['sentinel', { connected_slaves: '0', role: 'slave' }, undefined],
    ['cluster', { connected_slaves: '0' }, 1],
  ])('%s, %j, of which the settings want %j', (kind, said, configured, missing) => {
    expect(warning(kind, said, configured)).toEqual(
      missing && expect.stringContaining(`the Redis server has ${missing} replicas`),
    );
  });
});
