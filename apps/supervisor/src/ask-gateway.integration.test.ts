import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { askGateway } from './ask-gateway.ts';
import { waitForGateway } from './gateway-ready.ts';

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
  const asked = askGateway(gateway, '/readyz', { signal: stop.signal, timeoutMs: anHour });
  await once(silent, 'request');
  stop.abort();
  expect(await asked).toBeUndefined();
  expect(await askGateway(gateway, '/readyz', { signal: stop.signal, timeoutMs: anHour })).toBeUndefined();
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
