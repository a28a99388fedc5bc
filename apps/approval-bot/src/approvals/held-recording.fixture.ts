import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { atEnd } from '@actp/testing/at-end';

/** The database, where the recording of a sent card takes until a press has been looked at. */
export interface HeldRecording {
  url: string;
  /** From now on a press is being looked at. */
  pressed(): void;
}

// Of a connection, and not of what is sent over it.
const own = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
]);

/** Stands before PostgREST. The card is recorded once the press was looked at twice, or was taken as it is. */
export async function holdRecording(target: string): Promise<HeldRecording> {
  const { promise: recordable, resolve: letRecord } = Promise.withResolvers<void>();
  let pressed = false;
  let reads = 0;

  function look(path: string): void {
    if (pressed && path.endsWith('/rpc/read_approval_card')) reads += 1;
    if (reads > 1) letRecord();
  }

  async function forward(req: IncomingMessage): Promise<Response> {
    const path = req.url ?? '';
    look(path);
    if (path.endsWith('/rpc/record_approval_card')) await recordable;
    const headers = Object.entries(req.headers).flatMap(([name, value]): Array<[string, string]> =>
      own.has(name) || typeof value !== 'string' ? [] : [[name, value]],
    );
    const body = req.method === 'GET' ? null : new Uint8Array(await buffer(req));
    const answer = await fetch(new URL(path, target), { method: req.method ?? 'GET', headers, body });
    if (path.endsWith('/rpc/press_approval')) letRecord();
    return answer;
  }

  async function passOn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const answer = await forward(req);
    const type = answer.headers.get('content-type');
    res.writeHead(answer.status, type === null ? {} : { 'content-type': type });
    res.end(Buffer.from(await answer.arrayBuffer()));
  }

  const server = createServer((req, res) => {
    passOn(req, res).catch(() => res.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    letRecord();
    server.closeAllConnections();
    server.close();
  });
  return {
    // A TCP server has an address of this kind once it listens.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pressed: () => {
      pressed = true;
    },
  };
}
