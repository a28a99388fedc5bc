import { connect, type Socket } from 'node:net';
import { createChunkedBody, type ChunkedBody } from './chunked-body.ts';
import { rewriteHead } from './request-head.ts';

export interface RestConnectionOptions {
  client: Socket;
  prefix: string;
  /** PostgREST's port on loopback; undefined while there is none. */
  targetPort: () => number | undefined;
}

// Supabase's clients send large selects as one URL.
const longestHead = 64 * 1024;
const endOfHead = '\r\n\r\n';
// How long a caller may go on sending after our last byte, so that it reads that before the connection is reset.
const lingerMs = 1_000;
const reasons = {
  400: 'Bad Request',
  404: 'Not Found',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/**
 * Joins a caller's connection with one to PostgREST. Only the heads of requests are read and changed; everything else
 * goes through untouched, so that both ends agree about keep-alive and framing by themselves.
 */
export function joinRestConnection({ client, prefix, targetPort }: RestConnectionOptions): void {
  let upstream: Socket | undefined;
  let head = '';
  let bodyLeft = 0;
  let chunked: ChunkedBody | undefined;
  // Nothing more is read from the caller.
  let over = false;
  // Whether a request is under way of which no byte of an answer has come.
  let waiting = false;

  client.setNoDelay(true);
  client.on('data', (piece: Buffer) => take(piece));
  client.on('drain', () => upstream?.resume());
  client.on('error', () => client.destroy());
  client.on('close', () => upstream?.destroy());

  function take(piece: Buffer): void {
    let rest = piece;
    while (rest.length > 0) {
      if (over) return;
      rest = bodyLeft > 0 || chunked !== undefined ? takeBody(rest) : takeHead(rest);
    }
  }

  function takeHead(piece: Buffer): Buffer {
    const known = head.length;
    head += piece.toString('latin1');
    // The empty line may have begun in the piece before.
    const end = head.indexOf(endOfHead, Math.max(0, known - endOfHead.length));
    if (end === -1) {
      if (head.length > longestHead) refuse(431, 'the request head is too large');
      return piece.subarray(piece.length);
    }
    const rewritten = rewriteHead(head.slice(0, end), prefix);
    head = '';
    if (!rewritten.ok) {
      refuse(rewritten.status, rewritten.message);
      return piece;
    }
    if (rewritten.body.kind === 'chunked') chunked = createChunkedBody();
    else bodyLeft = rewritten.body.bytes;
    send(Buffer.from(rewritten.head, 'latin1'));
    waiting = true;
    return piece.subarray(end + endOfHead.length - known);
  }

  function takeBody(piece: Buffer): Buffer {
    if (chunked === undefined) {
      const own = piece.subarray(0, bodyLeft);
      bodyLeft -= own.length;
      send(own);
      return piece.subarray(own.length);
    }
    try {
      const { bytes, ended } = chunked.take(piece);
      if (ended) chunked = undefined;
      send(piece.subarray(0, bytes));
      return piece.subarray(bytes);
    } catch {
      refuse(400, 'the request body cannot be read');
      return piece;
    }
  }

  function send(bytes: Buffer): void {
    upstream ??= open();
    if (upstream?.write(bytes) === false) client.pause();
  }

  function open(): Socket | undefined {
    const port = targetPort();
    if (port === undefined) {
      refuse(503, 'PostgREST does not answer');
      return undefined;
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (piece: Buffer) => {
      waiting = false;
      if (!client.write(piece)) socket.pause();
    });
    socket.on('drain', () => client.resume());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (waiting) refuse(503, 'PostgREST does not answer');
      else finish('');
    });
    return socket;
  }

  // In the shape of PostgREST's own errors, which its clients know how to read.
  function refuse(status: keyof typeof reasons, message: string): void {
    // The answer to an earlier request on this connection would be missing: it must not get this one instead.
    if (waiting && status !== 503) {
      client.destroy();
      return;
    }
    const body = JSON.stringify({ code: `PROXY${status}`, message, details: null, hint: null });
    finish(
      [
        `HTTP/1.1 ${status} ${reasons[status]}`,
        'content-type: application/json; charset=utf-8',
        `content-length: ${Buffer.byteLength(body)}`,
        ...(status === 503 ? ['retry-after: 1'] : []),
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }

  function finish(last: string): void {
    if (over) return;
    over = true;
    upstream?.destroy();
    client.end(last, () => setTimeout(() => client.destroy(), lingerMs).unref());
    client.resume();
  }
}
