import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from '@actp/shared/log';
import type { AppEnv } from './app-env.ts';
import { problemDocument, problemType } from './http/problem.ts';
import { refuseBrokenRequest, refuseExpectation } from './http/broken-request.ts';
import { gatewayResponse } from './http/gateway-response.ts';

export interface RunningServer {
  port: number;
  /**
   * Takes no new connections. Every open one gets one more answer, or ends by itself when nothing is asked on it: nobody meets a connection that is
   * closed while they write. Returns when none is left, or when those that nothing is asked on have had their time.
   */
  drain(): Promise<void>;
  /** Takes no new connections, lets open requests end (bounded), then closes what is left. */
  close(): Promise<void>;
}

/** Slow and silent clients lose their place: headers within 10 s, a whole request within 30 s. */
export const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // How often the two above are looked at; Node's own 30 s would make 40 s of the first.
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16_384,
  // A missing Host is refused by the Host allowlist, in the form of every other refusal.
  requireHostHeader: false,
} as const;

// The app as a whole has 8 s to stop.
const drainMs = 5_000;
// Node keeps a connection a second longer than it says to the client.
const idleMs = serverOptions.keepAliveTimeout + 2_000;

export interface ListenOptions {
  host: string;
  port: number;
  /** A socket that this process was given, bound to `host` and `port`, to accept connections from. */
  fd?: number | undefined;
  log: Logger;
}

/** Serves the app. Rejects when the port is taken. */
export async function listen(app: OpenAPIHono<AppEnv>, options: ListenOptions): Promise<RunningServer> {
  // What comes in is of this server's own classes.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    hostname: options.host,
    errorHandler: (error) => unreadable(error, options.log),
  });
  const ServerResponse = await gatewayResponse();
  let open = 0;
  let closing = false;
  let draining = false;
  const cutWhenDone = () => {
    if (closing && open === 0) server.closeAllConnections();
  };
  const server = createServer({ ...serverOptions, ServerResponse }, (incoming, outgoing) => {
    open += 1;
    if (draining) outgoing.setHeader('Connection', 'close');
    outgoing.once('close', () => {
      open -= 1;
      cutWhenDone();
    });
    void listener(incoming, outgoing);
  });
  server.on('clientError', refuseBrokenRequest);
  server.on('checkExpectation', refuseExpectation);
  server.listen(options.fd === undefined ? { port: options.port, host: options.host } : { fd: options.fd });
  await once(server, 'listening');
  const closed = new Promise((resolve) => server.once('close', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has one
    async drain() {
      draining = true;
      // Not the HTTP server's own, which closes connections on which the next request may be under way.
      NetServer.prototype.close.call(server);
      await Promise.race([closed, delay(idleMs, undefined, { ref: false })]);
    },
    async close() {
      if (closing) return;
      closing = true;
      server.close();
      cutWhenDone();
      const late = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(late);
    },
  };
}

// The app answers all its own failures; what comes here has no URL that could be read.
function unreadable(error: unknown, log: Logger): Response {
  const broken = error instanceof RequestError;
  const requestId = randomUUID();
  if (!broken) log.error({ err: error, request_id: requestId }, 'a request could not be answered');
  const status = broken ? 400 : 500;
  const body = problemDocument({
    status,
    code: broken ? 'validation_failed' : 'internal',
    detail: broken ? 'the request target or the Host cannot be read' : 'something went wrong here',
    requestId,
  });
  return new Response(body, {
    status,
    // In the place of the answer's own id, which cannot be known here; hence its spelling.
    headers: { 'Content-Type': problemType, 'x-request-id': requestId },
  });
}
