import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault, FaultKind } from './faults.ts';
import type { OutsideReply } from './route.ts';

const megabyte = 1024 * 1024;
/** Longer than any client waits. */
const heldMs = 10 * 60_000;

/** Sends an answer as it should be. */
export function sendReply(response: ServerResponse, reply: OutsideReply): void {
  const { text, headers } = written(reply);
  response.writeHead(reply.status, headers).end(text);
}

/** Sends an answer the way the fault has it. */
export async function sendFaulty(
  response: ServerResponse,
  reply: OutsideReply,
  fault: Fault,
  trapUrl: string,
): Promise<void> {
  const { text, headers } = written(reply);
  const half = bytesOf(text).subarray(0, Math.ceil(Buffer.byteLength(text) / 2));
  const players: Partial<Record<FaultKind, () => void | Promise<void>>> = {
    slow_answer: async () => {
      if (await stillThere(response, fault.ms ?? 1_000)) sendReply(response, reply);
    },
    accept_then_timeout: async () => {
      await stillThere(response, fault.ms ?? heldMs);
      response.destroy();
    },
    reset_mid_body: () => {
      response.writeHead(reply.status, { ...headers, 'content-length': Buffer.byteLength(text) });
      response.write(half, () => response.destroy());
    },
    truncated_json: () => {
      response.writeHead(reply.status, headers).end(half);
    },
    wrong_content_type: () => {
      response.writeHead(fault.status ?? 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(
        '<!doctype html><title>Attention Required!</title><h1>Error 1020</h1><p>Access denied</p>',
      );
    },
    huge_body: () => {
      response.writeHead(reply.status, headers);
      return stream(response, Buffer.from('{"data":"'), Buffer.alloc(megabyte, 'x'), fault);
    },
    gzip_bomb: () => {
      response.writeHead(reply.status, { ...headers, 'content-encoding': 'gzip' });
      return stream(response, gzipSync('{"data":"'), gzipSync(Buffer.alloc(megabyte, 'x')), fault);
    },
    redirect_to_private_address: () => {
      response.writeHead(fault.status ?? 307, { location: fault.location ?? trapUrl }).end();
    },
    clock_skew: () => {
      response.setHeader('date', new Date(Date.now() + (fault.ms ?? 0)).toUTCString());
      sendReply(response, reply);
    },
  };
  await (players[fault.kind] ?? (() => sendReply(response, reply)))();
}

function written(reply: OutsideReply): { text: string | Buffer; headers: Record<string, string> } {
  const isWritten = typeof reply.body === 'string' || Buffer.isBuffer(reply.body);
  // Both are what the response takes as it is.
  const text = isWritten ? (reply.body as string | Buffer) : JSON.stringify(reply.body);
  return { text, headers: { 'content-type': 'application/json; charset=utf-8', ...reply.headers } };
}

const bytesOf = (text: string | Buffer): Buffer => (typeof text === 'string' ? Buffer.from(text) : text);

/** A part for each megabyte (of what the reader gets), until it is enough or the reader has gone. */
async function stream(response: ServerResponse, first: Buffer, part: Buffer, fault: Fault): Promise<void> {
  response.write(first);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for (let left = fault.bytes ?? 200 * megabyte; left > 0 && !gone.signal.aborted; left -= megabyte) {
    if (response.write(part)) continue;
    await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  if (!gone.signal.aborted) response.end();
}

/** @returns whether the client is still there after this time */
function stillThere(response: ServerResponse, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      response.off('close', leave);
      resolve(true);
    }, ms);
    const leave = () => {
      clearTimeout(timer);
      resolve(false);
    };
    if (response.destroyed) leave();
    else response.once('close', leave);
  });
}
