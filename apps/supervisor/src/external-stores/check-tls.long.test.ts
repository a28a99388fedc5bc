import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { makeCertificate } from '@actp/testing/certificates';
import { openRedisCluster } from '@actp/testing/redis-cluster';
import { openRedisSentinels } from '@actp/testing/redis-sentinels';
import { openRedisServer, planeUser } from '@actp/testing/redis-server';
import { checkStores } from './check-stores.ts';

/** What the start says of these settings. */
const said = async (env: Record<string, string>) => {
  const wait = { say: () => undefined, signal: new AbortController().signal };
  return checkStores(readPlaneSettings(env), wait).then(
    (warnings) => warnings.join('\n'),
    (error: unknown) => String(error),
  );
};
const trust = (ca: string) =>
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(ca, 'utf8')]);

const certificate = await makeCertificate('IP:127.0.0.1');
const credentials = `${planeUser.username}:${encodeURIComponent(planeUser.password)}`;

describe('a Redis with TLS', () => {
  it('is refused while its authority is not known, and serves when it is: one server, a cluster, Sentinels', async () => {
    const server = await openRedisServer({ certificate });
    const cluster = await openRedisCluster({ primaries: 1, replicas: 0, certificate });
    const sentinels = await openRedisSentinels({ certificate });
    const kinds = {
      REDIS_URL: { REDIS_URL: `rediss://${credentials}@127.0.0.1:${server.port}` },
      REDIS_CLUSTER_NODES: { REDIS_CLUSTER_NODES: cluster.nodes },
      REDIS_SENTINELS: sentinels.env,
    };
    for (const [key, env] of Object.entries(kinds)) {
      const text = await said(env);
      expect(text).toContain(`The certificate of the Redis server at ${key} is not trusted`);
      expect(text).toContain('NODE_EXTRA_CA_CERTS');
    }
    trust(certificate.ca);
    for (const env of Object.values(kinds)) expect(await said(env)).toBe('');

    for (const [key, env] of Object.entries(kinds)) {
      const plain = Object.entries(env).map(([name, value]) => [name, value.replace('rediss:', 'redis:')]);
      const text = await said(Object.fromEntries(plain) as Record<string, string>);
      expect(text).toContain(`The Redis server at ${key} closes the connection`);
      expect(text).toContain('rediss://');
    }
  });

  it('is refused when its certificate is for another name', async () => {
    const other = await makeCertificate('DNS:redis.example.com');
    trust(other.ca);
    const server = await openRedisServer({ certificate: other });
    const cluster = await openRedisCluster({ primaries: 1, replicas: 0, certificate: other });
    const alone = await said({ REDIS_URL: `rediss://${credentials}@127.0.0.1:${server.port}` });
    expect(alone).toContain('The certificate of the Redis server at REDIS_URL is for another host name');
    const clustered = await said({ REDIS_CLUSTER_NODES: cluster.nodes });
    expect(clustered).toContain('REDIS_CLUSTER_NODES is for another host name');
    expect(clustered).toContain('cluster-announce-hostname');
  });

  it('is refused when the server speaks none', async () => {
    const server = await openRedisServer();
    const text = await said({ REDIS_URL: `rediss://${credentials}@127.0.0.1:${server.port}` });
    expect(text).toMatch(/does not speak TLS|is unavailable/);
    expect(text).toContain('redis://');
  });
});
