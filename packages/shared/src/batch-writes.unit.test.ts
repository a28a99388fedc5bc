import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { batchWrites } from './batch-writes.ts';

it('sends the commands of one turn together, and those of the next apart, also after a reconnection', async () => {
  const writes: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const commands = chunk.split('ping').length - 1;
      if (commands === 0) return;
      writes.push(commands);
      socket.write('+PONG\r\n'.repeat(commands));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const redis = batchWrites(
    new Redis({ port, enableReadyCheck: false, disableClientInfo: true, retryStrategy: () => 1 }),
  );
  const pings = (count: number) => Promise.all(Array.from({ length: count }, () => redis.ping()));
  try {
    await once(redis, 'ready');
    expect(await pings(50)).toHaveLength(50);
    await pings(1);
    expect(writes).toEqual([50, 1]);
    const again = once(redis, 'ready');
    sockets[0]?.destroy();
    await again;
    await pings(20);
    expect(writes).toEqual([50, 1, 20]);
  } finally {
    redis.disconnect();
    server.close();
  }
});
