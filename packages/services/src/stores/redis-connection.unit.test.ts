import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { isRefusal, queryWhenReady, type RedisConnection } from './redis-connection.ts';
import { openRedisServer, type Answers } from './redis-server.fixture.ts';

const answering = async (answers: Answers, login = '') =>
  (await openRedisServer(answers)).url.replace('//', `//${login}`);

/** What comes of a question, and how often it was asked. */
async function ask(
  url: string,
  query: (connection: RedisConnection) => Promise<unknown> = (connection) => connection.call('get', 'x'),
  signal = new AbortController().signal,
) {
  let [asked, loading] = [0, 0];
  const result = await queryWhenReady(
    { REDIS_URL: url, REDIS_CLUSTER_NODES: [] },
    (connection) => {
      asked += 1;
      return query(connection);
    },
    { onLoading: () => (loading += 1), signal },
  );
  const fault = 'fault' in result ? result.fault : undefined;
  const message = fault?.error instanceof Error ? fault.error.message : undefined;
  return { value: 'value' in result ? result.value : undefined, fault, message, asked, loading };
}

/** A server that does this with each connection. */
async function doing(act: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    act(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a Redis that may still be starting', () => {
  it('is asked once when it answers', async () => {
    const url = await answering({ get: 'y' });
    expect(await ask(url)).toMatchObject({ value: 'y', asked: 1, loading: 0 });
    expect((await ask(url, async () => undefined)).fault).toBeUndefined();
  });

  it('is asked again while it loads, of which somebody hears once', async () => {
    const answers = [new Error('LOADING x'), new Error('LOADING x'), 'y'];
    const url = await answering({ get: () => answers.shift() ?? null });
    expect(await ask(url)).toMatchObject({ value: 'y', asked: 3, loading: 1 });
  });

  it('is asked again after an error that is no answer', async () => {
    const url = await answering({});
    let tries = 0;
    const query = async () => {
      tries += 1;
      if (tries < 3) throw new Error('Command timed out');
      return 'y';
    };
    expect(await ask(url, query)).toMatchObject({ value: 'y', asked: 3, loading: 0 });
  });

  it.each(['ERR no', 'NOPERM no'])('is not asked again when it refuses: %s', async (message) => {
    const found = await ask(await answering({ get: new Error(message) }));
    expect(found).toMatchObject({ message, asked: 1, fault: { closed: false } });
    expect(isRefusal(found.fault?.error)).toBe(true);
  });

  it('is not waited for any longer when that is not wanted', async () => {
    const stop = new AbortController();
    const url = await answering({ get: new Error('LOADING x') });
    const query = (connection: RedisConnection) => {
      stop.abort();
      return connection.call('get', 'x');
    };
    expect(await ask(url, query, stop.signal)).toMatchObject({ message: 'LOADING x', asked: 1, loading: 1 });
    expect(await ask(url, query, AbortSignal.abort())).toMatchObject({
      fault: { error: undefined },
      asked: 0,
    });
  });

  it('is not waited for when something else answers there', async () => {
    const url = await doing((socket) => socket.end('HTTP/1.1 400\r\n\r\n'));
    expect((await ask(url)).message).toMatch(/^Protocol error/);
  });

  it('keeps that it closed the connection without a word, and tries again', async () => {
    const stop = new AbortController();
    let times = 0;
    const url = await doing((socket) => {
      socket.end();
      times += 1;
      // As one that is being started may need.
      if (times === 2) stop.abort();
    });
    expect((await ask(url, undefined, stop.signal)).fault?.closed).toBe(true);
    expect(times).toBe(2);
  });

  it('that nobody serves did not close the connection', async () => {
    const found = await ask('redis://127.0.0.1:1');
    expect(found).toMatchObject({ message: expect.stringContaining('ECONNREFUSED'), asked: 0 });
    expect(found.fault?.closed).toBe(false);
  });

  it('keeps what it said before the connection was lost', async () => {
    const url = await answering({});
    const stop = new AbortController();
    let tries = 0;
    const query = async () => {
      tries += 1;
      if (tries === 1) throw new Error('Command timed out');
      stop.abort();
      throw new Error('Connection is closed.');
    };
    const found = await ask(url, query, stop.signal);
    expect([found.message, found.asked]).toEqual(['Command timed out', 2]);
  });

  it('is not asked again for a password, or over TLS that it does not speak', async () => {
    const locked = await ask(await answering({ get: 'y', auth: new Error('WRONGPASS x') }, ':pw@'));
    expect([locked.message, locked.asked]).toEqual(['WRONGPASS x', 0]);
    let times = 0;
    const plain = await doing((socket) => {
      times += 1;
      socket.end('-ERR\r\n');
    });
    expect((await ask(plain.replace('redis:', 'rediss:'))).fault?.error).toMatchObject({
      code: expect.stringMatching(/^ERR_SSL/),
    });
    expect(times).toBe(1);
  });

  it('only counts an answer of Redis as a refusal', () => {
    expect(isRefusal(Object.assign(new Error('x'), { name: 'ReplyError' }))).toBe(true);
    expect(isRefusal(new Error('ReplyError'))).toBe(false);
    expect(isRefusal({ name: 'ReplyError' })).toBe(false);
  });
});
