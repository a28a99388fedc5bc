import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openGateway, secret } from '../gateway.fixture.ts';

const stores = await openStores();
const lines: Array<Record<string, unknown>> = [];
const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
const logger = createLogger({ app: 'test', level: 'info', destination: { write } });
const gateway = await openGateway(stores, {}, logger);

async function dial(): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are; gives what comes back until the other side closes. */
async function raw(text: string | Buffer): Promise<string> {
  const socket = await dial();
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined); // what was answered before a reset counts
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

function expectProblem(answer: string, status: number): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  const id = /^x-request-id: ([\da-f-]{36})$/im.exec(head)?.[1];
  expect(JSON.parse(body)).toMatchObject({ status, code: 'validation_failed', request_id: id });
}

const get = (lines: string) => raw(`GET /healthz HTTP/1.1\r\nConnection: close\r\n${lines}\r\n`);

describe('the Host header', () => {
  it.each([
    'Host: 127.0.0.1',
    'Host: 127.0.0.1:8787',
    'Host: LOCALHOST:1',
    'Host: localhost',
    'Host: [::1]',
    'Host: [::1]:8787',
  ])('of ours is answered: %s', async (host) => {
    expect(await get(`${host}\r\n`)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    'Host: evil.example',
    'Host: evil.example:8787',
    'Host: 127.0.0.1.evil.example',
    'Host: localhost.evil.example',
    'Host: evil-localhost',
    'Host: evil.localhost',
    'Host: localhost-evil',
    'Host: localhos',
    'Host: localhost.',
    'Host: 1127.0.0.1',
    'Host: 127.0.0.11',
    'Host: 127x0x0x1',
    'Host: localhost:80x',
    'Host: 127.0.0.1@evil.example',
    'Host: 127.0.0.1#evil',
    'Host: 192.168.0.7',
    'Host: [::2]',
    'Host: 127.0.0.1:80:80',
    'Host: 2130706433',
    'Host:',
    'Host: ',
    'X-Forwarded-Host: 127.0.0.1',
    'Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1',
  ])('of another is refused, so that no web page gets in by DNS rebinding: %s', async (host) => {
    expectProblem(await get(`${host}\r\n`), 400);
  });

  it('guards every path, and wins over an absolute request target', async () => {
    for (const path of [
      '/v1/jobs/selftest',
      '/dashboard',
      '/docs',
      '/metrics',
      '/nope',
      'http://127.0.0.1/healthz',
    ]) {
      expectProblem(
        await raw(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`),
        400,
      );
    }
  });

  it('may be another name when it is configured', async () => {
    const named = await openGateway(stores, { ALLOWED_HOSTS: ['plane.example'] });
    const status = (host: string) =>
      new Promise((resolve, reject) => {
        const asked = request({ port: named.port, path: '/healthz', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect(await status('plane.example:8787')).toBe(200);
    expect(await status('127.0.0.1')).toBe(400);
  });
});

describe('every answer', () => {
  it.each([
    ['/healthz', 200],
    ['/docs', 200],
    ['/login', 200],
    ['/openapi.json', 200],
    ['/nope', 404],
    ['/v1/nope', 404],
    ['/docs/nope.js', 404],
    ['/v1/schedules?nope=1', 400],
    ['/dashboard/api/queues', 403],
  ])('has a request id and secure headers: %s', async (path, status) => {
    const answer = await gateway.fetch(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    // No script of others or within a page, in nobody's frame, and forms go nowhere else.
    expect(answer.headers.get('content-security-policy')?.split(/; ?/).filter(Boolean)).toEqual([
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "base-uri 'self'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ]);
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('server')).toBeNull();
    if (status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ status, request_id: answer.headers.get('x-request-id') });
    }
  });

  it('has a request id of its own', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await gateway.fetch('/healthz')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe('what is no proper request', () => {
  const host = 'Host: 127.0.0.1\r\n';
  it.each<[what: string, bytes: string | Buffer, status: number]>([
    ['garbage', 'this is not http\r\n\r\n', 400],
    ['TLS', Buffer.from('16030100f5010000f1030300', 'hex'), 400],
    ['an unknown method', `FETCH / HTTP/1.1\r\n${host}\r\n`, 400],
    ['no path', `GET HTTP/1.1\r\n${host}\r\n`, 400],
    ['a target that is a word', `GET nope HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['a target for all', `OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['a backslash in the path', `GET /a\\b HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['an absolute target that is none', `GET http://[ HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400],
    ['a header without a name', `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`, 400],
    ['a header with a NUL', `GET / HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
    ['two lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
    ],
    ['one huge header', `GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a bomb of headers', `GET / HTTP/1.1\r\n${host}${'X-A: a\r\n'.repeat(3_000)}\r\n`, 431],
    ['a huge target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ])('gets a problem: %s', async (_what, bytes, status) => {
    expectProblem(await raw(bytes), status);
  });

  it.each([
    'GET /%ff%00 HTTP/1.1',
    'GET /v1/jobs/%E0%A4%A/1 HTTP/1.1',
    'GET /../../etc/passwd HTTP/1.1',
    'GET /docs/..%2f..%2fpackage.json HTTP/1.1',
    'GET //evil.example/healthz HTTP/1.1',
    'TRACE /healthz HTTP/1.1',
    'DELETE /v1/jobs/selftest HTTP/1.1',
    'GET /healthz?%E0%A4%A HTTP/1.1',
  ])('never is a fault of ours: %s', async (line) => {
    const answer = await raw(
      `${line}\r\n${host}Connection: close\r\nAuthorization: Bearer ${secret}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(answer).toMatch(/^content-type: application\/problem\+json$/im);
  });

  it('is let go even when its sender never hangs up', async () => {
    const socket = await dial();
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.write('nonsense\r\n\r\n');
    socket.resume();
    await closed;
  });
});

describe('slow and silent clients', () => {
  it('cost little and are in nobody’s way: 2,000 of them', async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const sockets: Socket[] = [];
    while (sockets.length < 2_000) {
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, dial))));
    }
    for (const socket of sockets) socket.on('error', () => undefined).write('GET /healthz HTTP/1.1\r\nX-A: ');
    const answers = await Promise.all([1, 2, 3].map(() => gateway.fetch('/healthz')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    // Both ends of each connection are in this process: far below what 100 KB each would make.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    for (const socket of sockets) socket.destroy();
    await eventually(async () => (await gateway.fetch('/healthz')).status === 200);
  });
});

describe('stopping', () => {
  it('lets open requests end and does not wait for silent connections', async () => {
    const stopping = await openGateway(stores);
    const idle = connect(stopping.port, '127.0.0.1');
    await once(idle, 'connect');
    await stopping.fetch('/healthz'); // a kept-alive connection
    const asked = Promise.all(Array.from({ length: 10 }, () => stopping.fetch('/docs/swagger-ui-bundle.js')));
    await eventually(async () => (await stopping.fetch('/healthz')).status === 200);
    const [answers] = await Promise.all([asked, stopping.stop()]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeGreaterThan(100_000);
    }
    await expect(stopping.fetch('/healthz')).rejects.toThrow();
    idle.destroy();
  });
});

describe('what is asked for in a way that nothing takes', () => {
  it.each([
    ['POST', '/healthz', 'GET, HEAD'],
    ['GET', '/v1/jobs/selftest', 'POST'],
    ['DELETE', '/v1/approvals', 'GET, POST, HEAD'],
    ['PUT', '/v1/approvals/0198a6b0-0000-7000-8000-000000000000', 'GET, HEAD'],
  ])('%s %s: 405 and what it takes', async (method, path, allowed) => {
    const answer = await gateway.fetch(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(allowed.split(', ').sort());
    expect(await answer.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('a path that nobody has: 404', async () => {
    expect((await gateway.fetch('/v1/nothing', { method: 'POST' })).status).toBe(404);
  });

  it('an expectation that is not known: 417, in the form of every other refusal', async () => {
    expectProblem(await get('Host: 127.0.0.1\r\nExpect: a-miracle\r\n'), 417);
  });

  it('query parameters of the API description, and keys where nothing is taken', async () => {
    expect((await gateway.fetch('/openapi.json?x=1')).status).toBe(400);
    const cancel = '/v1/approvals/0198a6b0-0000-7000-8000-000000000000/cancel';
    const answer = await gateway.fetch(cancel, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"why":1}',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'why' }] });
  });

  it('the root leads people to the dashboard', async () => {
    const answer = await gateway.fetch('/', { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/dashboard']);
  });
});

it('a caller who hangs up while sending is no fault of ours', async () => {
  const socket = await dial();
  const head = `POST /v1/jobs/selftest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${secret}`;
  socket.write(`${head}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"data"`);
  await eventually(() => gateway.fetch('/healthz').then((answer) => answer.ok));
  socket.destroy();
  const line = await eventually(() =>
    lines.find(({ msg, route }) => msg === 'request' && route === '/v1/jobs/:queue'),
  );
  expect(line).toMatchObject({ level: 'info', status: 400 });
});
