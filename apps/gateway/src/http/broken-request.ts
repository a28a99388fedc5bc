import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GatewayResponse } from './gateway-response.ts';
import { problemDocument, problemType } from './problem.ts';

// Time for the answer to reach the client before the connection is cut, whether it closes its own end or not.
const lingerMs = 500;

/** Answers what never became a request (bytes that are not HTTP, headers too large, too slow) like everything else. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = statusOf(error.code);
  const requestId = randomUUID();
  const body = problemDocument({
    status,
    code: 'validation_failed',
    detail: 'malformed request',
    requestId,
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${problemType}\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** Node's own answer to an `Expect` other than `100-continue` has no body. */
export function refuseExpectation(_request: IncomingMessage, response: GatewayResponse): void {
  const body = problemDocument({
    status: 417,
    code: 'validation_failed',
    detail: 'unsupported Expect header',
    requestId: response.requestId,
    fields: [{ field: 'Expect', message: 'must be 100-continue, or left out' }],
  });
  response.writeHead(417, {
    'Content-Type': problemType,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
