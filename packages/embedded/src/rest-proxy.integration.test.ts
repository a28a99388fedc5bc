import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { startRestProxy, type RestProxy } from './rest-proxy.ts';

let upstream: Server;
let handle: (req: IncomingMessage, res: ServerResponse) => void;
let targetPort: number | undefined;
let proxy: RestProxy;

beforeEach(async () => {
  handle = (req, res) => res.end(JSON.stringify({ url: req.url, headers: req.headers }));
  upstream = createServer((req, res) => handle(req, res));
  targetPort = await freePort();
  upstream.listen(targetPort, '127.0.0.1');
  await once(upstream, 'listening');
  proxy = await startRestProxy({ port: await freePort(), targetPort: () => targetPort });
});
afterEach(async () => {
  await proxy.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${proxy.url}${path}`, { headers });

describe('the way to PostgREST', () => {
  it('serves it under /rest/v1 and nothing else', async () => {
    for (const [path, behind] of [
      ['/rest/v1', '/'],
      ['/rest/v1/', '/'],
      ['/rest/v1?select=a', '/?select=a'],
      ['/rest/v1/notes?id=eq.1', '/notes?id=eq.1'],
    ] as const) {
      expect(await (await ask(path)).json()).toMatchObject({ url: behind });
    }
    for (const path of ['/', '/rest/v2/notes', '/rest/v1notes', '/auth/v1/user']) {
      expect((await ask(path)).status).toBe(404);
    }
  });

  it('takes the key from apikey when there is no Authorization', async () => {
    const headersFor = async (headers: Record<string, string>) => (await ask('/rest/v1/', headers)).json();
    expect(await headersFor({ apikey: 'k' })).toMatchObject({ headers: { authorization: 'Bearer k' } });
    expect(await headersFor({ apikey: 'k', authorization: 'Bearer a' })).toMatchObject({
      headers: { authorization: 'Bearer a' },
    });
  });

  it('streams large bodies both ways and passes status and headers on', async () => {
    handle = (req, res) => {
      res.writeHead(201, { 'content-range': '0-1/2', 'x-kept': 'yes' });
      req.pipe(res);
    };
    const body = Buffer.alloc(5_000_000, 'x');
    const response = await fetch(`${proxy.url}/rest/v1/notes`, { method: 'POST', body });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-range')).toBe('0-1/2');
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  it('takes a body whose length is not known beforehand, and the next request behind it', async () => {
    handle = (req, res) => req.pipe(res);
    const pieces = ['one ', 'two ', 'three'];
    for (let round = 0; round < 3; round += 1) {
      const body = ReadableStream.from(pieces.map((piece) => Buffer.from(piece)));
      const response = await fetch(`${proxy.url}/rest/v1/notes`, { method: 'POST', body, duplex: 'half' });
      expect(await response.text()).toBe('one two three');
    }
  });

  // What the proxy answers to these bytes, sent one by one or at once.
  const raw = async (text: string, size = text.length) => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (piece: Buffer) => (answer += piece.toString()));
    for (let at = 0; at < text.length; at += size) {
      await new Promise((resolve) => socket.write(text.slice(at, at + size), resolve));
    }
    await once(socket, 'close');
    return answer;
  };

  it('reads requests that come in pieces and several that come at once', async () => {
    handle = (req, res) => res.end(`[${req.method} ${req.url}]`);
    const requests =
      'POST /rest/v1/one HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
      'GET /rest/v1/two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    for (const size of [1, requests.length]) {
      const answer = await raw(requests, size);
      expect(answer.match(/\[.*?\]/g)).toEqual(['[POST /one]', '[GET /two]']);
    }
  });

  it('refuses what it cannot read, and heads without end', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const long = `GET /rest/v1/?${'x'.repeat(70_000)}`;
    expect(await raw(long)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('answers 503 with Retry-After while PostgREST is away', async () => {
    upstream.closeAllConnections();
    upstream.close();
    const away = await ask('/rest/v1/notes');
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('1');
    expect(await away.json()).toMatchObject({ message: 'PostgREST is unavailable' });
    targetPort = undefined;
    expect((await ask('/rest/v1/notes')).status).toBe(503);
  });

  it('breaks an answer off when PostgREST dies in the middle of it', async () => {
    handle = (_req, res) => {
      res.writeHead(200, { 'content-length': '1000' });
      res.write('half', () => res.destroy());
    };
    const response = await ask('/rest/v1/notes');
    await expect(response.text()).rejects.toThrow();
  });

  it('lets go of PostgREST when the caller is gone', async () => {
    const closed = new Promise<void>((resolve) => {
      handle = (req) => void req.once('close', resolve);
    });
    const caller = new AbortController();
    const asked = fetch(`${proxy.url}/rest/v1/slow`, { signal: caller.signal }).catch(() => 'gone');
    await once(upstream, 'request');
    caller.abort();
    expect(await asked).toBe('gone');
    await closed;
  });
});
