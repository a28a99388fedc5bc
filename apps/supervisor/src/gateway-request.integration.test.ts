import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { requestGateway } from './gateway-request.ts';
import { waitForGateway } from './wait-for-gateway.ts';

// Takes questions and answers none, as a gateway that waits for its stores.
const silent = createServer();
silent.listen(0, '127.0.0.1');
await once(silent, 'listening');
const address = silent.address();
const gateway = {
  host: '127.0.0.1',
  port: typeof address === 'object' ? (address?.port ?? 0) : 0,
  allowedHost: '127.0.0.1',
};
afterAll(() => silent.closeAllConnections());
afterAll(() => silent.close());

// Longer than any test may last: only the signal ends it.
const anHour = 3_600_000;

it('ends a question to the gateway when the plane stops', async () => {
  const stop = new AbortController();
  const asked = requestGateway(gateway, '/readyz', { signal: stop.signal, timeoutMs: anHour });
  await once(silent, 'request');
  stop.abort();
  expect(await asked).toBeUndefined();
  expect(
    await requestGateway(gateway, '/readyz', { signal: stop.signal, timeoutMs: anHour }),
  ).toBeUndefined();
});

it('no longer waits for the gateway when the plane stops', async () => {
  const stop = new AbortController();
  const waiting = waitForGateway({
    gateway,
    crashing: () => undefined,
    logs: 'logs',
    signal: stop.signal,
    say: () => undefined,
  });
  await once(silent, 'request');
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

it.each([
  ['only Telegram', { postgres: 'ok', telegram: 'Telegram is not being polled' }, 'goes on'],
  ['a store as well', { postgres: 'away', telegram: 'Telegram is not being polled' }, 'gives up'],
  ['what it does not say', undefined, 'gives up'],
])('when %s is missing', async (_what, checks, outcome) => {
  const answering = createServer((_, response) => {
    response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ checks }));
  });
  answering.listen(0, '127.0.0.1');
  await once(answering, 'listening');
  const at = answering.address();
  const said: string[] = [];
  const waiting = waitForGateway({
    gateway: { ...gateway, port: typeof at === 'object' ? (at?.port ?? 0) : 0 },
    crashing: () => undefined,
    logs: 'logs',
    graceMs: 1,
    deadlineMs: 300,
    signal: new AbortController().signal,
    say: (text) => said.push(text),
  });
  if (outcome === 'goes on') {
    await waiting;
    expect(said.join('\n')).toContain('Continuing without it: telegram: Telegram is not being polled');
  } else await expect(waiting).rejects.toThrow('The plane is not ready after 0.3 s');
  answering.closeAllConnections();
  answering.close();
});
