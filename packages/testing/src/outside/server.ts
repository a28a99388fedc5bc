import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLoopbackServer } from '../loopback-server.ts';
import { serveControl, type Controls } from './control.ts';
import { hasEffect, isErrorReply, plainErrorReply } from './error-replies.ts';
import { createFaults, type Fault } from './faults.ts';
import { createLog, type LoggedRequest } from './log.ts';
import { parseBody } from './parse-body.ts';
import {
  findRoute,
  json,
  type ErrorReplies,
  type OutsideReply,
  type OutsideRequest,
  type OutsideRoute,
} from './route.ts';
import { sendFaulty, sendReply } from './send.ts';

export interface OutsideOptions {
  routes: readonly OutsideRoute[];
  errorReplies?: ErrorReplies;
  notFound?: (request: OutsideRequest) => OutsideReply;
  /** Asked before any route and fault: the answer to a request that may not come in. */
  refuse?: (request: OutsideRequest) => OutsideReply | undefined;
  /** Headers of every answer. */
  headers?: (request: OutsideRequest) => Record<string, string>;
  /** What `POST /_control/<name>` does, beside faults and the log. */
  controls?: Controls;
  /** A free one when left out. */
  port?: number;
}

export type Outside = Awaited<ReturnType<typeof startOutside>>;

/** Where a redirect leads: whoever asks this has followed it. */
const trapPath = '/_followed-a-redirect';

/**
 * A stand-in for a service outside: a real HTTP server on loopback that keeps what it was asked (`log.requests`), what has happened
 * (`log.effects`), and goes wrong on request (`faults`). In a process of its own it is told so over `/_control`.
 */
export async function startOutside(options: OutsideOptions) {
  const faults = createFaults();
  const log = createLog();
  const controls = { faults, log, more: options.controls ?? {} };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const text = await textOf(request);
    if (url.pathname.startsWith('/_control/')) {
      return sendReply(response, serveControl(controls, request.method ?? '', url.pathname, text));
    }
    const logged = log.addRequest(describe(request, url, text));
    const found = findRoute(options.routes, logged.method, logged.path);
    const asked: OutsideRequest = {
      ...logged,
      text,
      params: found?.params ?? {},
      now: Date.now(),
      effect: log.addEffect,
    };
    const send = async (reply: OutsideReply, fault?: Fault) => {
      logged.status = reply.status;
      const whole = { ...reply, headers: { ...options.headers?.(asked), ...reply.headers } };
      if (fault) await sendFaulty(response, whole, fault, `${listening.url}${trapPath}`);
      else sendReply(response, whole);
    };

    const refusal = options.refuse?.(asked);
    if (refusal) return send(refusal);
    const fault = faults.take({ ...logged, lookUp: found?.route.lookUp === true });
    logged.fault = fault?.kind;
    if (fault?.kind === 'clock_skew') asked.now += fault.ms ?? 0;
    const handle = () => found?.route.handle(asked) ?? options.notFound?.(asked) ?? notFound;
    let reply: OutsideReply = json(503, { error: { message: 'Unavailable' } });
    if (!fault || hasEffect(fault)) reply = await handle();
    if (fault?.kind === 'duplicate_delivery') reply = await handle();
    if (fault && isErrorReply(fault)) {
      reply = options.errorReplies?.[fault.kind]?.(fault, asked) ?? plainErrorReply(fault);
    }
    await send(reply, fault);
  }

  const listening = await createLoopbackServer((request, response) => {
    // A cut connection, or a fault of this server: the caller sees a cut connection.
    serve(request, response).catch(() => response.destroy());
  }, options.port);
  return {
    url: listening.url,
    faults,
    log,
    /** Whether somebody has followed a redirect. */
    wasFollowed: (): boolean => log.requests.some(({ path }) => path === trapPath),
    /** It cannot be reached until `comeBack`. */
    goAway: listening.close,
    comeBack: listening.open,
    stop: listening.close,
  };
}

const notFound = json(404, { error: { message: 'Not found' } });

function describe(request: IncomingMessage, url: URL, text: string): Omit<LoggedRequest, 'number'> {
  const key = request.headers['idempotency-key'];
  return {
    at: new Date().toISOString(),
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    bodyDigest: createHash('sha256').update(text).digest('hex'),
    body: parseBody(request.headers['content-type'], text),
    idempotencyKey: Array.isArray(key) ? key[0] : key,
    fault: undefined,
    status: undefined,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
