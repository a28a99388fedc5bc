import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { supabaseUrl } from './addresses.ts';
import { StartupError } from './startup-error.ts';

export interface RestProxyOptions {
  port: number;
  /** Where it listens; loopback unless told, as in a container. */
  host?: string;
  /** Where PostgREST is; loopback unless told. */
  targetHost?: string;
  /** PostgREST's port there; undefined while there is none. */
  targetPort: () => number | undefined;
}

export interface RestProxy {
  /** For `SUPABASE_URL`. */
  url: string;
  stop(): Promise<void>;
}

const prefix = '/rest/v1';
// Supabase's clients send large selects as one URL.
const maxHeaderBytes = 64 * 1024;
// Shorter than PostgREST's own 30 s, so that no request goes out on a connection that it is just closing.
const idleMs = 15_000;
// RFC 9110, 7.6.1: these concern one connection only.
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];

/** Serves PostgREST under `/rest/v1`, where Supabase has it. Bodies are streamed both ways. */
export async function startRestProxy(options: RestProxyOptions): Promise<RestProxy> {
  const { port, host = '127.0.0.1', targetHost = '127.0.0.1', targetPort } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: idleMs });
  const server = createServer({ maxHeaderSize: maxHeaderBytes, noDelay: true }, (req, res) => {
    const path = pathBehindPrefix(req.url ?? '/');
    const target = targetPort();
    if (path === undefined) refuse(res, 404, `only ${prefix} is served here`);
    else if (target === undefined) refuse(res, 503, 'PostgREST is unavailable');
    else forward({ agent, host: targetHost, port: target, path, req, res });
  });
  // Nobody else writes to this connection: it may stay open for as long as its owner likes.
  server.keepAliveTimeout = 75_000;
  server.listen({ port, host });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartupError(`Port ${port} on ${host} is in use.`, 'Start again.', { cause: error });
  }
  return {
    url: supabaseUrl(port),
    async stop() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

interface Exchange {
  agent: Agent;
  host: string;
  port: number;
  path: string;
  req: IncomingMessage;
  res: ServerResponse;
}

function forward({ agent, host, port, path, req, res }: Exchange): void {
  const upstream = request({
    agent,
    host,
    port,
    method: req.method,
    path,
    headers: headersFor(req.headers),
  });
  upstream.once('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    // A broken answer must not look like a whole one.
    answer.once('error', () => res.destroy());
    answer.pipe(res);
  });
  upstream.once('error', () => {
    if (res.headersSent) res.destroy();
    else refuse(res, 503, 'PostgREST is unavailable');
  });
  // The caller went away. (After a whole answer the connection belongs to the next request.)
  res.once('close', () => {
    if (!res.writableFinished) upstream.destroy();
  });
  req.pipe(upstream);
}

function pathBehindPrefix(url: string): string | undefined {
  if (!url.startsWith(prefix)) return undefined;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}

// Supabase's gateway reads the key from `apikey` alone as well.
function headersFor(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { apikey, ...rest } = withoutHopByHop(headers);
  if (rest.authorization === undefined && typeof apikey === 'string') {
    rest.authorization = `Bearer ${apikey}`;
  }
  return rest;
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = { ...headers };
  for (const name of hopByHop) delete kept[name];
  return kept;
}

// In the shape of PostgREST's own errors, which its clients know how to read.
function refuse(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ code: `PROXY${status}`, message, details: null, hint: null });
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
  });
  res.end(body);
}
