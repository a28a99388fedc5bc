import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { readPlaneSettings } from './plane-settings.ts';
import { connectRedis, redisShape, workerOptions } from './redis.ts';
import { accessOf, nodeUrl } from './redis-node.ts';
import { secretValues } from './secret-values.ts';

const read = (env: Record<string, string>) => parseConfig(redisShape, env);

/** What it says of settings that cannot be used. */
function refusal(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('the addresses of a cluster', () => {
  it('are host:port or URLs, with the user, password and TLS of all of them', () => {
    const { REDIS_CLUSTER_NODES: nodes } = read({
      REDIS_CLUSTER_NODES: 'rediss://plane:p%2Cw%25@first.example:7000, second.example:7001,[::1]:7002',
    });
    expect(nodes.map(({ host, port }) => `${host} ${port}`)).toEqual([
      'first.example 7000',
      'second.example 7001',
      '::1 7002',
    ]);
    const access = accessOf(nodes);
    expect(access).toEqual({ username: 'plane', password: 'p,w%', tls: true });
    expect(nodes.map((node) => nodeUrl(node, access))).toEqual([
      'rediss://plane:p%2Cw%25@first.example:7000',
      'rediss://plane:p%2Cw%25@second.example:7001',
      'rediss://plane:p%2Cw%25@[::1]:7002',
    ]);
  });

  it('need no password, and have the usual port', () => {
    expect(read({ REDIS_CLUSTER_NODES: 'a:1,b:2' }).REDIS_CLUSTER_NODES).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ]);
    expect(read({ REDIS_CLUSTER_NODES: 'redis://a' }).REDIS_CLUSTER_NODES[0]?.port).toBe(6379);
    expect(read({ REDIS_SENTINELS: 'redis://a' }).REDIS_SENTINELS[0]?.port).toBe(26379);
  });

  it.each([
    'first.example',
    'first.example:70000',
    'http://first.example:7000',
    'redis://hidden-password@first.example:7000',
    'redis://:hidden-password@first.example:7000/1',
    'redis://:hidden-password%ZZ@first.example:7000',
    'redis://:hidden-password@first.example:7000?tls=true',
    'redis://:hidden-password@:7000',
    'redis://:hidden-password@a:1,redis://:other@b:2',
    'rediss://:hidden-password@a:1,redis://:hidden-password@b:2',
  ])('are refused without being shown: %s', (value) => {
    for (const key of ['REDIS_CLUSTER_NODES', 'REDIS_SENTINELS']) {
      const text = refusal(() => read({ [key]: value }));
      expect(text).toContain(`${key}: must`);
      expect(text).not.toContain('hidden-password');
      expect(text).not.toContain('first.example');
    }
  });
});

describe('settings that name a Redis each', () => {
  it.each([
    [{ REDIS_URL: 'redis://:hidden@a:1', REDIS_CLUSTER_NODES: 'b:2' }, 'REDIS_CLUSTER_NODES', 'REDIS_URL'],
    [
      { REDIS_SENTINELS: 'redis://:hidden@a:1', REDIS_CLUSTER_NODES: 'b:2' },
      'REDIS_SENTINELS',
      'REDIS_CLUSTER_NODES',
    ],
    [{ REDIS_URL: 'redis://:hidden@a:1', REDIS_SENTINELS: 'b:2' }, 'REDIS_URL', 'REDIS_SENTINELS'],
    [{ REDIS_URL: 'redis://:hidden@mymaster:6379', REDIS_SENTINELS: 'b:2' }, 'REDIS_URL', 'REDIS_SENTINELS'],
    [
      { REDIS_URL: 'redis://mymaster', REDIS_SENTINELS: 'b:2', REDIS_SENTINEL_NAME: 'other' },
      'REDIS_URL',
      'REDIS_SENTINEL_NAME',
    ],
  ])('are refused by their names, at the start and by each app: %o', (env, key, other) => {
    for (const work of [() => readPlaneSettings(env), () => connectRedis(read(env), workerOptions)]) {
      const text = refusal(work);
      expect(text).toContain(`${key}: must`);
      expect(text).toContain(other);
      expect(text).not.toContain('hidden');
    }
  });

  it('go together when REDIS_URL says how the servers behind the Sentinels are entered', () => {
    const env = { REDIS_URL: 'rediss://plane:pw@mymaster/0', REDIS_SENTINELS: 'a:26379,b:26379' };
    const settings = readPlaneSettings(env);
    expect(settings.embedded).toEqual(['supabase']);
    expect(readPlaneSettings({ REDIS_SENTINELS: 'a:26379' }).embedded).toEqual(['supabase']);
  });

  it('say so when there is none', () => {
    expect(refusal(() => connectRedis(read({}), workerOptions))).toContain('REDIS_SENTINELS');
  });
});

describe('passwords in addresses', () => {
  it('are secrets, as they are and as they are written', () => {
    const settings = read({
      REDIS_URL: 'redis://plane:url-password%2C1@mymaster',
      REDIS_SENTINELS: 'redis://watch:sentinel%40password@a:1,b:2',
    });
    expect(secretValues(settings)).toEqual(
      expect.arrayContaining([
        'url-password,1',
        'url-password%2C1',
        'sentinel@password',
        'sentinel%40password',
      ]),
    );
    const written = { REDIS_CLUSTER_NODES: 'redis://u:first-password@a:1,redis://u:first-password@b:2' };
    expect(secretValues(written)).toContain('first-password');
  });
});
