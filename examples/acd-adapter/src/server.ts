import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Harness } from './harness.ts';

export interface AdapterOptions {
  harness: Harness;
  /** A free one for 0. */
  port: number;
  /** Callers have to send it as bearer token; none is wanted when left out. */
  token?: string | undefined;
}

interface Answer {
  status: number;
  body: unknown;
}

// Prompts of self-heal have at most 24 KiB.
const maxBody = 1024 * 1024;

/** The HTTP API that self-heal calls, on 127.0.0.1. @returns where, and how it is closed */
export async function startAdapter({ harness, port, token }: AdapterOptions) {
  const server = createServer((request, response) => {
    const send = ({ status, body }: Answer) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    answerTo(request).then(send, (error: unknown) => send(problem(500, messageOf(error))));
  });

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!isFromProgram(request)) return problem(403, 'Web pages may not call this');
    if (!isAllowed(request.headers.authorization, token)) return problem(401, 'Unauthorized');
    switch (`${request.method} ${pathname}`) {
      case 'GET /api/health':
        return { status: 200, body: { status: 'ok', timestamp: new Date().toISOString() } };
      case 'GET /api/status':
        return { status: 200, body: { data: { harness: harness.status(), features } } };
      case 'POST /api/harness/start':
        return start(await promptOf(request));
      case 'POST /api/harness/stop':
        harness.stop();
        return { status: 200, body: { data: harness.status() } };
      default:
        return problem(404, 'Not found');
    }
  }

  async function start(prompt: string | undefined): Promise<Answer> {
    if (prompt === undefined) return problem(400, 'prompt is missing');
    const run = await harness.start(prompt);
    if (run === undefined) return problem(500, 'Harness already running');
    return { status: 200, body: { data: { projectId: 'default', status: 'running', ...run } } };
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close(): Promise<void> {
      harness.stop();
      await harness.ended();
      server.close();
      server.closeAllConnections();
    },
  };
}

// A part of the API that is about something else than repairs.
const features = { total: 0, passing: 0, pending: 0, percentComplete: 0 };

const problem = (status: number, message: string): Answer => ({ status, body: { error: { message } } });

// A page in a browser of this machine reaches loopback as well; it cannot leave these headers out.
function isFromProgram({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return headers.origin === undefined && ['127.0.0.1', 'localhost'].includes(host);
}

function isAllowed(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}

async function promptOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maxBody) return undefined;
    chunks.push(chunk as Buffer);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof body !== 'object' || body === null || !('prompt' in body)) return undefined;
    return typeof body.prompt === 'string' && body.prompt !== '' ? body.prompt : undefined;
  } catch {
    return undefined;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
