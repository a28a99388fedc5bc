import { describe, expect, it } from 'vitest';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { openRedisCluster } from '@actp/testing/redis-cluster';
import { openRedisSentinels } from '@actp/testing/redis-sentinels';
import { openRedisServer } from '@actp/testing/redis-server';
import { checkStores } from './check-stores.ts';

/** What the start says of these settings. */
const said = async (env: Record<string, string>) => {
  const wait = { say: () => undefined, signal: new AbortController().signal };
  return checkStores(readPlaneSettings(env), wait).then(
    (warnings) => warnings.join('\n'),
    (error: unknown) => String(error),
  );
};

describe('a cluster with a user and a password', () => {
  it('serves, with the rights that the remedy names, and says when the password is wrong', async () => {
    const { nodes } = await openRedisCluster({ primaries: 1, replicas: 0 });
    expect(await said({ REDIS_CLUSTER_NODES: nodes })).toBe('');
    const wrong = await said({ REDIS_CLUSTER_NODES: nodes.replace(/:[^:@]*@/, ':not-the-password@') });
    expect(wrong).toContain('The Redis server at REDIS_CLUSTER_NODES rejects the credentials');
    expect(wrong).toContain('Correct the user and password in REDIS_CLUSTER_NODES');
    expect(wrong).not.toContain('not-the-password');
  });
});

describe('servers behind Sentinels', () => {
  it('serve, and every part that is wrong is named', async () => {
    const group = await openRedisSentinels();
    const { env } = group;
    expect(await said(env)).toBe('');
    const tried = (changes: Record<string, string>) => said({ ...env, ...changes });
    expect(
      await tried({ REDIS_SENTINELS: env.REDIS_SENTINELS.replace(/:[^:@]*@/, ':wrong-one@') }),
    ).toContain('The Redis server at REDIS_SENTINELS rejects the credentials');
    expect(await tried({ REDIS_URL: env.REDIS_URL.replace(/:[^:@]*@/, ':wrong-one@') })).toContain(
      'The Redis server at REDIS_URL rejects the credentials',
    );
    expect(
      await tried({ REDIS_SENTINEL_NAME: 'other', REDIS_URL: env.REDIS_URL.replace('mymaster', 'other') }),
    ).toContain('knows no servers by the name in REDIS_SENTINEL_NAME');
    const plain = await openRedisServer();
    expect(
      await tried({ REDIS_SENTINELS: env.REDIS_SENTINELS.replace(/@.*$/, `@127.0.0.1:${plain.port}`) }),
    ).toContain('The server at REDIS_SENTINELS is not a Sentinel');
    expect(await said({ REDIS_URL: env.REDIS_SENTINELS })).toContain('is a Sentinel, which stores no data');

    await group.replica.kill();
    expect(await said(env)).toMatch(/0 of 1 replicas .*REDIS_MIN_REPLICAS/);
  });
});
