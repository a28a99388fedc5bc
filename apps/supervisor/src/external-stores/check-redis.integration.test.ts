import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openAnyRedis } from '../fixtures/any-redis.ts';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { checkStores } from './check-stores.ts';

const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** What it says: the refusal, or the warnings. */
async function said(
  env: Record<string, string>,
  say: (text: string) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  try {
    return (await checkStores(readPlaneSettings(env), { say, signal })).join('\n');
  } catch (error) {
    return String(error);
  }
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('a Redis that runs elsewhere', () => {
  it('serves when it keeps everything, and has nothing of ours left afterwards', async () => {
    const redis = await openAnyRedis(...durable);
    expect(await said({ REDIS_URL: redis.url })).toBe('');
    await eventually(async () => (await redis.ask('DBSIZE')).startsWith(':0'));
  });

  it('serves with a warning when a power cut or its end can take what was acknowledged', async () => {
    const forgetful = await openAnyRedis();
    expect(await said({ REDIS_URL: forgetful.url })).toMatch(
      /^Warning: .*no append-only file.*LOST.*appendonly yes/,
    );
    const late = await openAnyRedis('--appendonly', 'yes', '--appendfsync', 'everysec');
    expect(await said({ REDIS_URL: late.url })).toMatch(/^Warning: .*appendfsync always/);
  });

  it.each<[what: string, settings: string[], problem: string, remedy: string]>([
    ['a node of a cluster', ['--cluster-enabled', 'yes'], 'is a cluster node', 'Set REDIS_CLUSTER_NODES'],
    [
      'one that throws keys away',
      ['--maxmemory-policy', 'allkeys-lru'],
      'evicts keys',
      'maxmemory-policy noeviction',
    ],
    [
      'one that throws some away',
      [...durable, '--maxmemory', '100mb', '--maxmemory-policy', 'volatile-ttl'],
      'evicts keys',
      'noeviction',
    ],
    ['a full one', [...durable, '--maxmemory', '1mb'], 'is full (maxmemory)', 'raise its maxmemory'],
    [
      'one without its replicas',
      ['--min-replicas-to-write', '1'],
      'has fewer replicas',
      'min-replicas-to-write',
    ],
    [
      'one that wants a password',
      ['--requirepass', 'not-for-anybody'],
      'rejects the credentials',
      'Correct the user and password',
    ],
    ['one without scripts', ['--rename-command', 'EVAL', ''], 'lacks commands', 'Redis 6.2 or later'],
  ])('is refused with a remedy: %s', async (_what, settings, problem, remedy) => {
    const redis = await openAnyRedis(...settings);
    const text = await said({ REDIS_URL: redis.url });
    expect(text).toContain(`The Redis server at REDIS_URL ${problem}`);
    expect(text).toContain(remedy);
    expect(text).not.toContain(String(redis.port));
  });

  it('is refused when it is a replica, also one that takes writes', async () => {
    const primary = await openAnyRedis();
    for (const readOnly of ['yes', 'no']) {
      const replica = await openAnyRedis(
        '--replicaof',
        '127.0.0.1',
        String(primary.port),
        '--replica-read-only',
        readOnly,
      );
      expect(await said({ REDIS_URL: replica.url })).toContain('is a read-only replica');
    }
  });

  it('is refused when the number of the database is too high', async () => {
    const redis = await openAnyRedis(...durable);
    expect(await said({ REDIS_URL: `${redis.url}/15` })).toBe('');
    expect(await said({ REDIS_URL: `${redis.url}/16` })).toContain('has no database with that number');
  });

  it.each([
    ['INFO', '~* &* +@all -info', 'may not run info'],
    ['another database', '~* &* +@all -select', 'may not run select'],
    ['scripts and streams', '~* &* +@all -evalsha -xadd', 'may not run xadd, evalsha'],
    ['writing', '~* &* +@all -@write', 'may not run set, hset'],
    ['its keys', '~other:* &* +@all', 'may not use the keys or channels'],
    ['its channel', '~* &other:* +@all', 'may not use the keys or channels'],
    ['a part of its keys', '~{actp-* &* +@all', 'may not use the keys or channels'],
  ])(
    'is refused when the user lacks the right for %s, and the remedy helps',
    async (_what, rules, problem) => {
      const redis = await openAnyRedis(...durable);
      await redis.ask(`ACL SETUSER plane on >not-for-anybody ${rules}`);
      const REDIS_URL = `${redis.url.replace('//', '//plane:not-for-anybody@')}/1`;
      const text = await said({ REDIS_URL });
      expect(text).toContain(`The user in REDIS_URL ${problem}`);
      expect(text).not.toContain('not-for-anybody');

      const [, rights = ''] = /ACL SETUSER <user> (.*)$/m.exec(text) ?? [];
      await redis.ask(`ACL SETUSER plane reset on >not-for-anybody ${rights}`);
      expect(await said({ REDIS_URL })).not.toMatch(/The user|The Redis/);
    },
  );

  it('is waited for while it loads its data', async () => {
    const redis = await openAnyRedis(...durable);
    let refusals = 0;
    const port = await listen(
      createServer((socket) => {
        const upstream = connect(redis.port, '127.0.0.1');
        upstream.on('error', () => undefined).pipe(socket);
        socket.once('close', () => upstream.destroy());
        socket.on('data', (chunk) => {
          if (refusals === 2 || !/\ninfo\r/.test(String(chunk))) return void upstream.write(chunk);
          refusals += 1;
          socket.write('-LOADING Redis is loading the dataset in memory\r\n');
        });
      }),
    );
    const told: string[] = [];
    expect(await said({ REDIS_URL: `redis://127.0.0.1:${port}` }, (text) => told.push(text))).toBe('');
    expect(told).toEqual(['Waiting for the Redis server at REDIS_URL: it is loading its data']);
  });

  it('is no longer waited for when the plane stops', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('data', (chunk) => {
          const count = String(chunk).match(/^\*\d+\r?$/gm)?.length ?? 0;
          socket.write('-LOADING Redis is loading the dataset in memory\r\n'.repeat(count));
        });
      }),
    );
    const stop = new AbortController();
    const text = await said({ REDIS_URL: `redis://127.0.0.1:${port}` }, () => stop.abort(), stop.signal);
    expect(stop.signal.aborted).toBe(true);
    expect(text).toContain('The Redis server at REDIS_URL is still loading its data');
  });

  it('is told from something else that answers there, with TLS or without', async () => {
    const plain = await openAnyRedis(...durable);
    // Without a certificate, since nobody gets as far as to see it.
    const encrypted = await listen(createTlsServer({ ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2' }));
    const web = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const shut = await listen(createServer((socket) => socket.destroy()));
    const urls = [
      plain.url.replace('redis:', 'rediss:'),
      ...[encrypted, web, shut].map((port) => `redis://127.0.0.1:${port}`),
    ];
    const [toPlain = '', toEncrypted, toWeb, toShut] = await Promise.all(
      urls.map((REDIS_URL) => said({ REDIS_URL })),
    );
    expect(toPlain).toMatch(/(does not speak TLS|is unavailable)/);
    expect(toPlain).toContain('redis://');
    expect(toEncrypted).toContain('rediss://');
    expect(toWeb).toContain('does not speak the Redis protocol');
    expect(toShut).toContain('closes the connection');
  });
});

describe('a cluster that runs elsewhere', () => {
  const nodes = (port: number) => ({ REDIS_CLUSTER_NODES: `127.0.0.1:${port}` });

  it('is refused when it is none', async () => {
    const redis = await openAnyRedis(...durable);
    const text = await said(nodes(redis.port));
    expect(text).toContain('The Redis server at REDIS_CLUSTER_NODES is not a cluster node');
    expect(text).toContain('Set REDIS_URL');
  });

  it('is refused while it is not whole, and serves when it is', async () => {
    const node = await openAnyRedis(
      ...durable,
      '--cluster-enabled',
      'yes',
      '--cluster-announce-ip',
      '127.0.0.1',
    );
    expect(await said(nodes(node.port))).toContain('is part of a cluster in the state "fail"');
    const slots = (part: number) =>
      Array.from({ length: 4_096 }, (_, index) => part * 4_096 + index).join(' ');
    await node.ask(...[0, 1, 2, 3].map((part) => `CLUSTER ADDSLOTS ${slots(part)}`));
    await eventually(async () => (await node.ask('CLUSTER INFO')).includes('cluster_state:ok'));
    expect(await said(nodes(node.port))).toBe('');
  });
});
