import { eventually } from './eventually.ts';
import {
  adminPassword,
  isFollowing,
  openRedisServer,
  planeUser,
  type Certificate,
  type RedisServer,
} from './redis-server.ts';

export interface RedisSentinels {
  primary: RedisServer;
  replica: RedisServer;
  sentinel: RedisServer;
  env: { REDIS_URL: string; REDIS_SENTINELS: string };
  /** Has the Sentinel make the replica the primary. */
  failOver(): Promise<void>;
}

const name = 'mymaster';

/** A primary with one replica, and a Sentinel that changes them when it is told to; all with users and passwords. */
export async function openRedisSentinels({
  certificate,
}: { certificate?: Certificate } = {}): Promise<RedisSentinels> {
  const primary = await openRedisServer({ certificate });
  const replica = await openRedisServer({ certificate, lines: [`replicaof 127.0.0.1 ${primary.port}`] });
  await eventually(() => isFollowing(replica));
  const sentinel = await openRedisServer({
    certificate,
    sentinel: true,
    lines: [
      `sentinel monitor ${name} 127.0.0.1 ${primary.port} 1`,
      `sentinel auth-user ${name} admin`,
      `sentinel auth-pass ${name} ${adminPassword}`,
      `sentinel down-after-milliseconds ${name} 3600000`,
      `sentinel failover-timeout ${name} 3600000`,
    ],
  });
  const replicas = async () => sentinel.admin.call('sentinel', 'replicas', name);
  // Its state is asked for every ten seconds; one that was never asked is not taken.
  const isKnown = async () => JSON.stringify(await replicas()).includes('"master-link-status","ok"');
  await eventually(isKnown);
  const scheme = certificate === undefined ? 'redis' : 'rediss';
  const credentials = `${planeUser.username}:${encodeURIComponent(planeUser.password)}`;
  return {
    primary,
    replica,
    sentinel,
    env: {
      REDIS_URL: `${scheme}://${credentials}@${name}`,
      REDIS_SENTINELS: `${scheme}://${credentials}@127.0.0.1:${sentinel.port}`,
    },
    async failOver() {
      await eventually(async () => (await sentinel.admin.call('sentinel', 'failover', name)) === 'OK');
      await eventually(async () => (await replica.admin.info('replication')).includes('role:master'));
    },
  };
}
