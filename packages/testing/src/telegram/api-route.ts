import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { effectOf, refusal, toRefusal, type Answer, type Outcome } from './api/outcome.ts';
import type { Params } from './api/params.ts';
import { readParams } from './api/request-body.ts';
import { methodByName } from './methods/catalogue.ts';
import type { ApiCall } from './state/call-log.ts';
import type { World } from './world.ts';

// How long a hanging call is kept open at most; every client gives up earlier.
const longestHangMs = 15 * 60 * 1000;

/**
 * Answers `/bot<token>/<method>`: what Telegram would say, or the fault that was asked for.
 * Every call ends in the log with its outcome.
 */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const left = new AbortController();
  response.on('close', () => left.abort());
  const [, token, method] = /^\/bot([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (token === undefined || method === undefined) return send(response, refusal(404, 'Not Found'));
  if (!sameToken(decodeURIComponent(token), world.token)) {
    return send(response, refusal(401, 'Unauthorized'));
  }
  let params: Params;
  try {
    params = await readParams(request, url);
  } catch (error) {
    return send(response, toRefusal(error));
  }
  const call = world.calls.start(method, params);
  const outcome = await withFault(world, method, params, left.signal);
  await finish(world, call, response, outcome, left.signal);
}

async function withFault(
  world: World,
  method: string,
  params: Params,
  signal: AbortSignal,
): Promise<Outcome> {
  const fault = world.faults.take(method, params);
  if (fault === undefined) return run(world, method, params, signal);
  if (fault.effect === 'slow') await delay(fault.ms, undefined, { signal }).catch(() => undefined);
  // A slow call does take effect, as does one whose answer alone is to be lost.
  const takesEffect = fault.when === 'after' || fault.effect === 'slow';
  const real = takesEffect ? await run(world, method, params, signal) : undefined;
  return effectOf(fault) ?? real ?? 'reset';
}

async function run(world: World, name: string, params: Params, signal: AbortSignal): Promise<Outcome> {
  const method = methodByName(name);
  if (!method) return refusal(404, 'Not Found: method not found');
  try {
    return { status: 200, body: { ok: true, result: await method(world, params, signal) } };
  } catch (error) {
    return toRefusal(error);
  }
}

async function finish(
  world: World,
  call: ApiCall,
  response: ServerResponse,
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return world.calls.end(call, 'gone');
  if (outcome === 'hang') {
    world.calls.end(call, 'hang');
    await delay(longestHangMs, undefined, { signal, ref: false }).catch(() => undefined);
    response.destroy();
    return;
  }
  if (outcome === 'reset') {
    response.destroy();
    return world.calls.end(call, 'reset');
  }
  send(response, outcome);
  world.calls.end(call, outcome.status);
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(text);
}

function sameToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
