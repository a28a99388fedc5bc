import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLoopbackServer } from '../loopback-server.ts';
import { serveApi } from './api-route.ts';
import { serveControl } from './control/control-route.ts';
import type { World } from './world.ts';

/** The listening part, which can go away and come back on the same port. */
export function createHttpServer(world: World, ended: AbortSignal, wantedPort: number) {
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const served = url.pathname.startsWith('/_control')
      ? serveControl(world, ended, request, response, url)
      : serveApi(world, request, response, url);
    // Whatever goes wrong here is a fault of this server: the caller sees a cut connection.
    served.catch(() => response.destroy());
  };
  return createLoopbackServer(serve, wantedPort);
}
