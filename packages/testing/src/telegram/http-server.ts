import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveApi } from './api-route.ts';
import { serveControl } from './control/control-route.ts';
import type { World } from './world.ts';

/** The listening part, which can go away and come back on the same port. */
export async function createHttpServer(world: World, ended: AbortSignal, wantedPort: number) {
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const served = url.pathname.startsWith('/_control')
      ? serveControl(world, ended, request, response, url)
      : serveApi(world, request, response, url);
    // Whatever goes wrong here is a fault of this server: the caller sees a cut connection.
    served.catch(() => response.destroy());
  };
  let port = wantedPort;
  let server: Server | undefined;

  const open = async () => {
    if (server) return;
    const opened = createServer(serve);
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
