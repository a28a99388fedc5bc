import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An HTTP server on loopback that can go away and come back on the same port.
 *
 * @param wantedPort 0 for a free one
 */
export async function createLoopbackServer(listener: RequestListener, wantedPort = 0) {
  let port = wantedPort;
  let server: Server | undefined;

  const open = async () => {
    if (server) return;
    const opened = createServer(listener);
    opened.listen(port, '127.0.0.1');
    await once(opened, 'listening');
    // A TCP server has an address of this kind once it listens.
    port = (opened.address() as AddressInfo).port;
    server = opened;
  };
  const close = async () => {
    const closing = server;
    if (!closing) return;
    server = undefined;
    const closed = once(closing, 'close');
    closing.close();
    closing.closeAllConnections();
    await closed;
  };

  await open();
  return { url: `http://127.0.0.1:${port}`, open, close };
}
