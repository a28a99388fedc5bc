import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLoopbackServer } from '../loopback-server.ts';
import { createAcdFaults, type AcdFault } from './faults.ts';
import { createHarness, type Work } from './harness.ts';

export interface AcdServerOptions {
  /** A free port when left out. */
  port?: number;
  /** Wants this bearer token when set. */
  token?: string;
  /** What a coding run does; nothing, and says completed, when left out. */
  work?: Work;
  /** How long the status is still that of the run before, in milliseconds. */
  staleMs?: number;
}

export interface AcdCall {
  method: string;
  path: string;
  authorization: string | undefined;
}

export type AcdServer = Awaited<ReturnType<typeof createAcdServer>>;

/**
 * ACD's HTTP interface on loopback, with state and faults on request. `url` is what `ACD_URL` takes; `work` is the coding
 * agent: it edits files and says how it went.
 */
export async function createAcdServer(options: AcdServerOptions = {}) {
  const harness = createHarness({
    work: options.work ?? (async () => undefined),
    staleMs: options.staleMs ?? 0,
  });
  const faults = createAcdFaults();
  const calls: AcdCall[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { authorization } = request.headers;
    calls.push({ method: request.method ?? '', path, authorization });
    const body = await bodyOf(request);
    if (options.token !== undefined && authorization !== `Bearer ${options.token}`) {
      return fail(response, 401, 'Unauthorized');
    }
    const fault = faults.take(path);
    if (fault && fault.when !== 'after') return misbehave(fault, response);
    const answer = route(request.method ?? '', path, body);
    if (fault) return misbehave(fault, response);
    send(response, answer.status, answer.body);
  }

  function route(
    method: string,
    path: string,
    body: Record<string, unknown>,
  ): { status: number; body: unknown } {
    if (method === 'GET' && path === '/api/health') {
      return { status: 200, body: { status: 'ok', timestamp: new Date().toISOString() } };
    }
    if (method === 'GET' && path === '/api/status') {
      const features = { total: 0, passing: 0, pending: 0, percentComplete: 0 };
      return { status: 200, body: { data: { harness: harness.status(), features } } };
    }
    if (method === 'POST' && path === '/api/harness/start') {
      const run = harness.start(body);
      if (run === null) return error(500, 'Harness already running');
      const { pid, startedAt } = run;
      return { status: 200, body: { data: { projectId: 'default', status: 'running', pid, startedAt } } };
    }
    if (method === 'POST' && path === '/api/harness/stop') {
      harness.stop();
      return { status: 200, body: { data: harness.status() } };
    }
    return error(404, 'Not found');
  }

  const listening = await createLoopbackServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, options.port);
  return {
    url: listening.url,
    harness,
    faults,
    calls: (path?: string): readonly AcdCall[] =>
      calls.filter((call) => path === undefined || call.path === path),
    /** It cannot be reached until `comeBack`; a run under way goes on. */
    goAway: listening.close,
    comeBack: listening.open,
    async stop(): Promise<void> {
      harness.stop();
      await listening.close();
    },
  };
}

const error = (status: number, message: string) => ({ status, body: { error: { message } } });

function fail(response: ServerResponse, status: number, message: string): void {
  send(response, status, { error: { message } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function misbehave(fault: AcdFault, response: ServerResponse): void {
  switch (fault.effect) {
    case 'reset':
      response.destroy();
      return;
    case 'hang':
      return;
    case 'empty':
      response.writeHead(200).end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>not what you expect</html>');
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"data":"${'x'.repeat(8 * 1024 * 1024)}"}`);
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location ?? 'http://127.0.0.1:1/' }).end();
      return;
    case 'error':
      fail(response, fault.code ?? 500, fault.message ?? 'Something went wrong');
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
