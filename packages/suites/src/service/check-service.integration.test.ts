import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkService, type BuiltinChecks } from './check-service.ts';

const open: Array<Server | TcpServer> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function listening(server: Server | TcpServer): Promise<string> {
  open.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  // An address of a TCP server that listens is never a string or null.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const serve = (handler: RequestListener) => listening(createServer(handler));

const never = () => new Promise<string>(() => undefined);
const builtins: BuiltinChecks = {
  gateway: async () => 'answered 200',
  redis: () => Promise.reject(new Error('redis is unavailable')),
  database: never,
  queues: never,
};

const check = (url: string, more: object = {}) =>
  checkService(
    { builtins },
    { name: 'svc', kind: 'http', url, expect_status: 200, timeout_seconds: 0.4, start: null, ...more },
    new AbortController().signal,
  );

describe('the check of a service', () => {
  it('finds it up when it answers as expected', async () => {
    const url = await serve((_req, res) => res.end('ok'));
    expect(await check(url)).toMatchObject({ name: 'svc', up: true, detail: 'answered 200' });
  });

  it('finds it down when the status is another', async () => {
    const url = await serve((_req, res) => res.writeHead(503).end());
    expect(await check(url)).toMatchObject({ up: false, detail: 'answered 503, expected 200' });
    expect(await check(url, { expect_status: 503 })).toMatchObject({ up: true });
  });

  it('does not follow a redirect: it is an answer like any other', async () => {
    const url = await serve((req, res) => {
      if (req.url === '/') res.writeHead(302, { location: '/else' }).end();
      else res.end('ok');
    });
    expect(await check(url)).toMatchObject({ up: false, detail: 'answered 302, expected 200' });
    expect(await check(url, { expect_status: 302 })).toMatchObject({ up: true });
  });

  it('does not wait for a body that never ends', async () => {
    const url = await serve((_req, res) => {
      const more = setInterval(() => res.write('x'.repeat(65_536)), 1);
      res.on('close', () => clearInterval(more));
    });
    expect(await check(url, { timeout_seconds: 30 })).toMatchObject({ up: true });
  });

  it('waits for one that is just starting', async () => {
    let asked = 0;
    const url = await serve((_req, res) => {
      asked += 1;
      res.writeHead(asked < 3 ? 503 : 200).end();
    });
    expect(await check(url, { timeout_seconds: 30 })).toMatchObject({ up: true });
    expect(asked).toBe(3);
  });

  it('gives up on one that accepts and says nothing, speaks no HTTP, or is not there', async () => {
    const silent = await listening(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
    expect(await check(silent)).toMatchObject({ up: false, detail: 'no answer within 0.4 s' });
    const strange = await listening(
      createTcpServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('SSH-2.0\r\n'),
      ),
    );
    expect(await check(strange)).toMatchObject({ up: false, detail: 'HPE_INVALID_CONSTANT' });
    expect(await check('http://127.0.0.1:1/')).toMatchObject({ up: false, detail: 'connection refused' });
  });

  it('[SEC-020] names no address and no password in what it says', async () => {
    const result = await check('http://user:hunter2@127.0.0.1:1/');
    expect(JSON.stringify(result)).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it('sends the user and password of the address', async () => {
    const url = await serve((req, res) =>
      res.writeHead(req.headers.authorization === 'Basic dTpw' ? 200 : 401).end(),
    );
    expect(await check(url.replace('//', '//u:p@'))).toMatchObject({ up: true });
  });

  it('of a part of the plane says what that part says, and has its time-out too', async () => {
    const builtin = (name: keyof BuiltinChecks) => check('', { kind: 'builtin', builtin: name });
    expect(await builtin('gateway')).toMatchObject({ up: true, detail: 'answered 200' });
    expect(await builtin('redis')).toMatchObject({ up: false, detail: 'redis is unavailable' });
    expect(await builtin('database')).toMatchObject({ up: false, detail: 'no answer within 0.4 s' });
  });

  it('ends at once when the runner stops', async () => {
    const stop = new AbortController();
    const service = { name: 'svc', kind: 'builtin', builtin: 'database', timeout_seconds: 600 } as const;
    const running = checkService({ builtins }, service, stop.signal);
    stop.abort();
    expect(await running).toMatchObject({ up: false });
  });
});
