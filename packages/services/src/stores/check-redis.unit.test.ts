import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '@actp/shared/redis';
import { hangUp, openRedisServer, type Answers } from './redis-server.fixture.ts';
import { checkRedis } from './check-redis.ts';

const signal = new AbortController().signal;
const info = (more: Record<string, string> = {}) =>
  Object.entries({ redis_version: '7.2.4', redis_mode: 'standalone', role: 'master', ...more })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('');
const durable = { info: info({ aof_enabled: '1' }), 'config get': ['appendfsync', 'always'] };

async function check(target: Partial<RedisTarget>, again = 3): ReturnType<typeof ask> {
  const found = await ask(target);
  // No server here is away; a machine that is busy elsewhere for seconds is another matter.
  const late = found.problem?.problem.includes('is unavailable') === true;
  return late && again > 0 ? check(target, again - 1) : found;
}
async function ask(target: Partial<RedisTarget>) {
  const told: string[] = [];
  const say = (text: string) => void told.push(text);
  return { ...(await checkRedis({ REDIS_CLUSTER_NODES: [], ...target }, { say, signal })), told };
}
/** What comes of one server that answers so. */
async function checkOne(answers: Answers, path = '') {
  const server = await openRedisServer({ ...durable, ...answers });
  return { ...(await check({ REDIS_URL: `${server.url}${path}` })), asked: server.asked };
}
const at = (port: number) => ({ host: '127.0.0.1', port });

describe('one server', () => {
  it('serves, and says what it is', async () => {
    const { problem, warning, info: said, told, asked } = await checkOne({});
    expect([problem, warning, told]).toEqual([undefined, undefined, []]);
    expect(said?.get('redis_version')).toBe('7.2.4');
    expect(asked).toContain('config get appendfsync');
    // Of a cluster alone.
    expect(asked).not.toContain('cluster info');
    expect(asked.filter((command) => command.startsWith('select'))).toEqual([]);
    expect(asked.filter((command) => ['multi', 'discard'].includes(command))).toHaveLength(2);
  });

  it.each<[what: string, answers: Answers, problem: string]>([
    [
      'is a replica',
      { info: info({ role: 'slave' }) },
      'The Redis server at REDIS_URL is a read-only replica.',
    ],
    [
      'refuses a command',
      { xadd: new Error("NOPERM User u has no permissions to run the 'xadd' command") },
      'The user in REDIS_URL may not run xadd (NOPERM).',
    ],
    [
      'refuses a channel',
      { subscribe: new Error('NOPERM No permissions to access a channel') },
      'The user in REDIS_URL may not use the keys or channels of the plane (NOPERM).',
    ],
    [
      'refuses a command and a channel',
      { get: new Error('ERR x'), subscribe: new Error('ERR x') },
      'The Redis server at REDIS_URL refuses get (ERR).',
    ],
    [
      'refuses to subscribe',
      { subscribe: new Error('BUSY') },
      'The Redis server at REDIS_URL refuses subscribe (BUSY).',
    ],
    ['refuses INFO', { info: new Error('BUSY x') }, 'The Redis server at REDIS_URL refuses info (BUSY).'],
  ])('is not used when it %s', async (_what, answers, problem) => {
    expect((await checkOne(answers)).problem?.problem).toBe(problem);
  });

  it.each<[what: string, answers: Answers, warning: string | undefined]>([
    ['says that it syncs now and then', { 'config get': ['appendfsync', 'everysec'] }, 'does not sync'],
    ['does not say', { 'config get': new Error("NOPERM can't run config") }, undefined],
    ['says nothing', { 'config get': [] }, undefined],
    ['says a number', { 'config get': ['appendfsync', 1] }, undefined],
    ['says something else', { 'config get': 'OK, always' }, undefined],
    ['has no file', { info: info({ aof_enabled: '0' }) }, 'no append-only file'],
  ])('is used when it %s', async (_what, answers, warning) => {
    const found = await checkOne(answers);
    expect(found.problem).toBeUndefined();
    expect(found.warning).toEqual(warning && expect.stringContaining(warning));
    expect(found.info?.get('role')).toBe('master');
  });

  it('may lack the replicas that have to hold what is acknowledged', async () => {
    const { url } = await openRedisServer({
      ...durable,
      info: info({ aof_enabled: '1', connected_slaves: '0' }),
    });
    const { warning } = await check({ REDIS_URL: url, REDIS_MIN_REPLICAS: 1 });
    expect(warning).toContain('has 0 of 1 replicas');
  });

  it('is asked again when it closes the connection before it has said how it syncs', async () => {
    let asked = 0;
    const config = () => {
      asked += 1;
      return asked === 1 ? hangUp : ['appendfsync', 'everysec'];
    };
    expect((await checkOne({ 'config get': config })).warning).toContain('does not sync');
  });

  it('has changed its mind when its rights are asked for', async () => {
    let entered = 0;
    const auth = () => {
      entered += 1;
      return entered === 1 ? 'OK' : new Error('WRONGPASS x');
    };
    const { url } = await openRedisServer({ ...durable, auth });
    const found = await check({ REDIS_URL: url.replace('//', '//:pw@') });
    expect(found.problem?.problem).toBe('The Redis server at REDIS_URL rejects the credentials.');
    expect(found.info).toBeUndefined();
  });

  it('is waited for while it loads, which is said once', async () => {
    let left = 2;
    const loading = () => {
      left -= 1;
      return info({ aof_enabled: '1', loading: left >= 0 ? '1' : '0' });
    };
    const { problem, told } = await checkOne({ info: loading });
    expect(problem).toBeUndefined();
    expect(told).toEqual(['Waiting for the Redis server at REDIS_URL: it is loading its data']);
  });

  it('has to have the database that is named, and is not asked for another one', async () => {
    const select = ([, number = '']: readonly string[]) =>
      Number(number) < 4 ? 'OK' : new Error('ERR DB index is out of range');
    const { problem, asked } = await checkOne({ select }, '/3');
    expect(problem).toBeUndefined();
    // Once by the client, whose errors nobody hears of.
    expect(asked.filter((command) => command === 'select 3').length).toBeGreaterThan(1);
    expect((await checkOne({ select }, '/4')).problem?.problem).toContain('has no database with that number');
  });
});

describe('a cluster', () => {
  const node = {
    ...durable,
    info: info({ aof_enabled: '1', redis_mode: 'cluster', cluster_enabled: '1' }),
    'cluster info': 'cluster_state:ok\r\n',
  };
  /** A node that serves all of it. */
  async function whole(answers: Answers = {}) {
    const port: { of?: number } = {};
    const slots = () => [[0, 16_383, ['127.0.0.1', port.of ?? 0, 'n']]];
    const server = await openRedisServer({ ...node, 'cluster slots': slots, ...answers });
    port.of = server.port;
    return server;
  }

  it('serves, with what it says of itself as one', async () => {
    const server = await whole();
    const found = await check({ REDIS_CLUSTER_NODES: [at(server.port)] });
    expect([found.problem, found.warning]).toEqual([undefined, undefined]);
    expect(found.info?.get('cluster_state')).toBe('ok');
    expect(found.info?.get('redis_version')).toBe('7.2.4');
    // Each of both could go to another node.
    expect(server.asked.filter((command) => ['multi', 'discard'].includes(command))).toEqual([]);
  });

  it('is judged by the first node that answers', async () => {
    const closed = await openRedisServer({ info: new Error('WRONGPASS x') });
    const broken = await whole({ 'cluster info': 'cluster_state:fail\r\n' });
    const server = await whole();
    const nodes = [closed, server, closed].map(({ port }) => at(port));
    let found = await check({ REDIS_CLUSTER_NODES: nodes });
    // A busy machine may keep the one that answers from doing so for seconds; what is said then is of the last.
    for (let left = 3; found.info === undefined && left > 0; left -= 1)
      found = await check({ REDIS_CLUSTER_NODES: nodes });
    expect(found.info).toBeDefined();
    const { problem } = await check({ REDIS_CLUSTER_NODES: [at(broken.port), at(server.port)] });
    expect(problem?.problem).toContain('REDIS_CLUSTER_NODES is part of a cluster in the state "fail"');
  });

  it('none of whose nodes can be entered has the problem of the last', async () => {
    const nodes = await Promise.all(
      ['BUSY x', 'NOREPLICAS x', 'WRONGPASS x'].map((message) =>
        openRedisServer({ info: new Error(message) }),
      ),
    );
    const { problem } = await check({ REDIS_CLUSTER_NODES: nodes.map(({ port }) => at(port)) });
    expect(problem?.problem).toBe('The Redis server at REDIS_CLUSTER_NODES rejects the credentials.');
  });
});

describe('servers behind Sentinels', () => {
  /** Sentinels that name this server. */
  const sentinelOf = (port: number | null, answers: Answers = {}) =>
    openRedisServer({
      'info server': 'redis_mode:sentinel\r\n',
      'sentinel get-master-addr-by-name': port === null ? null : ['127.0.0.1', String(port)],
      'sentinel sentinels': [],
      ...answers,
    });

  it('serve as the one that the Sentinels name, with or without a REDIS_URL', async () => {
    const server = await openRedisServer({
      ...durable,
      info: info({ aof_enabled: '1', connected_slaves: '1' }),
    });
    const sentinel = await sentinelOf(server.port);
    for (const REDIS_URL of ['redis://mymaster/2', undefined]) {
      const found = await check({ REDIS_SENTINELS: [at(sentinel.port)], REDIS_URL });
      expect(found.problem).toBeUndefined();
      expect(found.info?.get('redis_mode')).toBe('standalone');
    }
    expect(sentinel.asked).toContain('sentinel get-master-addr-by-name mymaster');
    expect(new Set(server.asked.filter((command) => command.startsWith('select')))).toEqual(
      new Set(['select 2']),
    );
  });

  it('are asked of every Sentinel, of which one that knows is enough', async () => {
    const server = await openRedisServer({
      ...durable,
      info: info({ aof_enabled: '1', connected_slaves: '0' }),
    });
    const [knows, not] = [await sentinelOf(server.port), await sentinelOf(null)];
    const REDIS_SENTINELS = [at(not.port), at(knows.port)];
    const found = await check({ REDIS_SENTINELS, REDIS_SENTINEL_NAME: 'mymaster' });
    expect(found.problem).toBeUndefined();
    expect(found.warning).toContain('has 0 of 1 replicas');
  });

  it.each<[what: string, answers: Answers, problem: string]>([
    [
      'knows no such name',
      {},
      'The Sentinel at REDIS_SENTINELS knows no servers by the name in REDIS_SENTINEL_NAME.',
    ],
    ['is none', { 'info server': info() }, 'The server at REDIS_SENTINELS is not a Sentinel.'],
    [
      'refuses',
      { 'info server': new Error('NOAUTH x') },
      'The Redis server at REDIS_SENTINELS rejects the credentials.',
    ],
  ])('are not found by one that %s', async (_what, answers, problem) => {
    const sentinel = await sentinelOf(null, answers);
    const found = await check({ REDIS_SENTINELS: [at(sentinel.port)], REDIS_SENTINEL_NAME: 'others' });
    expect(found.problem?.problem).toBe(problem);
    expect(found.problem?.remedy).toMatch(/REDIS_SENTINEL/);
  });
});
