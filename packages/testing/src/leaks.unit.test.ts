import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openResources } from './leaks.ts';

const opened = (before: ReadonlyMap<string, number>) =>
  Object.fromEntries(
    [...openResources()].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const),
  );

it('sees a server, a connection and a timer that keep a process alive, and none that does not', async () => {
  const before = openResources();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const timer = setInterval(() => undefined, 60_000);
  setTimeout(() => undefined, 60_000).unref();
  expect(opened(before)).toMatchObject({ TCPServerWrap: 1, Timeout: 1 });
  expect(opened(before)['TCPSocketWrap']).toBeGreaterThanOrEqual(1);
  clearInterval(timer);
  socket.destroy();
  server.close();
});
