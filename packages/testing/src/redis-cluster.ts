import { eventually } from './eventually.ts';
import {
  isFollowing,
  openRedisServer,
  planeUser,
  type Certificate,
  type RedisServer,
} from './redis-server.ts';

export interface RedisCluster {
  primaries: RedisServer[];
  /** One of each primary, in the same order. */
  replicas: RedisServer[];
  servers: RedisServer[];
  /** As REDIS_CLUSTER_NODES is written. */
  nodes: string;
}

export interface ClusterOptions {
  primaries: number;
  replicas: number;
  /** After which a silent node counts as failed, and its replica takes over; by default that is left to the test. */
  nodeTimeoutMs?: number;
  certificate?: Certificate;
  program?: string | undefined;
}

const slotCount = 16_384;

/** A Redis Cluster with users, a password, and TLS if there is a certificate. */
export async function openRedisCluster(options: ClusterOptions): Promise<RedisCluster> {
  const { nodeTimeoutMs = 3_600_000, certificate, program } = options;
  const lines = [
    'cluster-enabled yes',
    'cluster-port BUS_PORT',
    `cluster-node-timeout ${nodeTimeoutMs}`,
    'cluster-replica-validity-factor 0',
    'cluster-announce-ip 127.0.0.1',
    'cluster-allow-replica-migration no',
  ];
  const open = () => openRedisServer({ lines, certificate, program });
  const primaries = await Promise.all(Array.from({ length: options.primaries }, open));
  const replicas = await Promise.all(Array.from({ length: options.replicas }, open));
  const servers = [...primaries, ...replicas];
  for (const [index, { admin }] of servers.entries()) await admin.cluster('SET-CONFIG-EPOCH', index + 1);
  const share = Math.ceil(slotCount / primaries.length);
  for (const [index, { admin }] of primaries.entries()) {
    const last = Math.min((index + 1) * share, slotCount) - 1;
    await admin.call('cluster', 'addslotsrange', index * share, last);
  }
  const [first] = servers;
  for (const { port, busPort } of servers) {
    await first?.admin.call('cluster', 'meet', '127.0.0.1', port, busPort);
  }
  await everywhere(servers, (info) => info.includes(`cluster_known_nodes:${servers.length}`));
  for (const [index, replica] of replicas.entries()) {
    const id = String(await primaries[index]?.admin.call('cluster', 'myid'));
    await eventually(async () => (await replica.admin.call('cluster', 'replicate', id)) === 'OK');
    await eventually(() => isFollowing(replica));
  }
  await everywhere(servers, (info) => info.includes('cluster_state:ok'));
  // Everybody has heard of the replicas.
  for (const { admin } of servers) {
    await eventually(
      async () => String(await admin.call('cluster', 'nodes')).split('slave').length - 1 === replicas.length,
    );
  }
  const scheme = certificate === undefined ? 'redis' : 'rediss';
  const [start, ...others] = servers.map(({ port }) => `127.0.0.1:${port}`);
  const credentials = `${planeUser.username}:${encodeURIComponent(planeUser.password)}`;
  return {
    primaries,
    replicas,
    servers,
    nodes: [`${scheme}://${credentials}@${start}`, ...others].join(','),
  };
}

async function everywhere(servers: readonly RedisServer[], holds: (info: string) => boolean): Promise<void> {
  for (const { admin } of servers) {
    await eventually(async () => holds(String(await admin.call('cluster', 'info'))));
  }
}
