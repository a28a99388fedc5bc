import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from '@actp/shared/log';
import type { AppEnv } from './app-env.ts';
import { problemDocument, problemType } from './http/problem.ts';
import { refuseBrokenRequest, refuseExpectation } from './http/broken-request.ts';
import { gatewayResponse } from './http/gateway-response.ts';

export interface RunningServer {
  port: number;
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

/** Serves the app. Rejects when the port is taken. */
export async function listen(
  app: OpenAPIHono<AppEnv>,
  options: { host: string; port: number; log: Logger },
): Promise<RunningServer> {
  // What comes in is of this server's own classes.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    hostname: options.host,
    errorHandler: (error) => unreadable(error, options.log),
  });
  const ServerResponse = await gatewayResponse();
  let open = 0;
  let closing = false;
  const cutWhenDone = () => {
    if (closing && open === 0) server.closeAllConnections();
  };
  const server = createServer({ ...serverOptions, ServerResponse }, (incoming, outgoing) => {
    open += 1;
    outgoing.once('close', () => {
      open -= 1;
      cutWhenDone();
    });
    void listener(incoming, outgoing);
  });
  server.on('clientError', refuseBrokenRequest);
  server.on('checkExpectation', refuseExpectation);
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has one
    async close() {
      if (closing) return;
      const closed = once(server, 'close');
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
