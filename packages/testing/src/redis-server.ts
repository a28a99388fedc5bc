import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { defaultSearchPath } from '@actp/embedded/find-program';
import { ownPort } from './own-port.ts';
import { findRedis } from '@actp/embedded/redis-binary';
import { planeCommands } from '@actp/embedded/redis-rights';
import { atEnd } from './at-end.ts';
import { eventually } from './eventually.ts';

export const planeUser = { username: 'plane', password: 'password-of-the-plane, with %' };
export const adminPassword = 'password-of-the-admin-of-redis';

/** Files of a certificate, its key and its authority, and the name that it is for. */
export interface Certificate {
  cert: string;
  key: string;
  ca: string;
}

/** One server of a cluster, or behind Sentinels, as somebody may have set it up: users, perhaps TLS, an append-only file. */
export interface RedisServer {
  port: number;
  /** Of the cluster's nodes among each other. */
  busPort: number;
  admin: Redis;
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface ServerOptions {
  lines?: readonly string[];
  certificate?: Certificate | undefined;
  sentinel?: boolean;
  /** Another program than the system's redis-server. */
  program?: string | undefined;
}

/** Starts one, and takes it away with the file. */
export async function openRedisServer(options: ServerOptions = {}): Promise<RedisServer> {
  const { lines = [], certificate, sentinel = false } = options;
  const program = options.program ?? (await findRedis(defaultSearchPath, () => undefined));
  const folder = await mkdtemp(join(tmpdir(), 'actp-redis-server-'));
  const [port, busPort] = [await ownPort(), await ownPort()];
  const file = join(folder, 'redis.conf');
  const listening =
    certificate === undefined
      ? [`port ${port}`]
      : ['port 0', `tls-port ${port}`, ...tlsLines(certificate, sentinel)];
  await writeFile(
    file,
    [
      'bind 127.0.0.1',
      `dir ${folder}`,
      ...listening,
      `user default off`,
      `user ${planeUser.username} on "${`>${planeUser.password}`}" ${sentinel ? '~* &* +@all' : `~actp:* ~{actp* &actp:* ${planeCommands}`}`,
      `user admin on >${adminPassword} ~* &* +@all`,
      ...(sentinel ? [] : storeLines),
      ...lines.map((line) => line.replace('BUS_PORT', String(busPort))),
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const admin = new Redis({
    port,
    host: '127.0.0.1',
    username: 'admin',
    password: adminPassword,
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
    lazyConnect: true,
    ...(certificate === undefined ? {} : { tls: { rejectUnauthorized: false } }),
  });
  admin.on('error', () => undefined);
  let child: ChildProcess | undefined;

  const server: RedisServer = {
    port,
    busPort,
    admin,
    async kill() {
      if (child === undefined) return;
      const dying = child;
      child = undefined;
      dying.kill('SIGKILL');
      if (dying.exitCode === null && dying.signalCode === null) await once(dying, 'exit');
    },
    async start() {
      if (child !== undefined) return;
      child = spawn(program, sentinel ? [file, '--sentinel'] : [file], { stdio: 'ignore' });
      await eventually(async () => (await admin.ping()) === 'PONG');
      if (!sentinel) await eventually(async () => (await admin.info('persistence')).includes('loading:0'));
    },
  };
  atEnd(async () => {
    admin.disconnect();
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

const storeLines = [
  'appendonly yes',
  'appendfsync always',
  'save ""',
  'maxmemory-policy noeviction',
  'masteruser admin',
  `masterauth ${adminPassword}`,
  'repl-diskless-sync yes',
  'repl-diskless-sync-delay 0',
];

const tlsLines = ({ cert, key, ca }: Certificate, sentinel: boolean) => [
  `tls-cert-file ${cert}`,
  `tls-key-file ${key}`,
  `tls-ca-cert-file ${ca}`,
  'tls-auth-clients no',
  'tls-replication yes',
  ...(sentinel ? [] : ['tls-cluster yes']),
];

/** Whether a replica follows its primary. */
export async function isFollowing(replica: RedisServer): Promise<boolean> {
  return (await replica.admin.info('replication')).includes('master_link_status:up');
}

/** Cuts the link of a replica to its primary, for as long as nobody mends it. */
export async function cutLink(primary: RedisServer, replica: RedisServer): Promise<void> {
  await replica.admin.config('SET', 'masterauth', 'not-the-password');
  await primary.admin.client('KILL', 'TYPE', 'replica');
  await eventually(async () => (await primary.admin.info('replication')).includes('connected_slaves:0'));
}

export async function mendLink(replica: RedisServer): Promise<void> {
  await replica.admin.config('SET', 'masterauth', adminPassword);
}
