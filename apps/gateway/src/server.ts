import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './context.ts';

export interface RunningServer {
  port: number;
  /** Takes no new connections, lets open requests end, then closes what is idle. */
  close(): Promise<void>;
}

// Slow and silent clients lose their place: headers within 10 s, a whole request within 30 s.
const serverOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16_384,
} as const;

/** Serves the app. Rejects when the port is taken. */
export async function listen(
  app: OpenAPIHono<AppEnv>,
  options: { host: string; port: number },
): Promise<RunningServer> {
  const server = await new Promise<Server>((resolve, reject) => {
    const made = serve(
      { fetch: app.fetch, hostname: options.host, port: options.port, createServer, serverOptions },
      () => resolve(made),
    ) as Server; // createServer of node:http was given
    made.once('error', reject);
    made.on('clientError', refuseBrokenRequest);
  });
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has one
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
      }),
  };
}

// What never became a request gets the same form of answer as everything else.
function refuseBrokenRequest(
  error: Error & { code?: string },
  socket: { writable: boolean; end(data: string): void; destroy(): void },
): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, title] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const requestId = randomUUID();
  const body = JSON.stringify({
    type: 'urn:actp:problem:validation_failed',
    title,
    status,
    detail: 'this is not a request that can be read',
    code: 'validation_failed',
    request_id: requestId,
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
