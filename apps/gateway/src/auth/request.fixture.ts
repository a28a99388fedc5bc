import type { IncomingMessage } from 'node:http';
import { Hono, type Context } from 'hono';
import type { AppEnv, Caller } from '../app-env.ts';
import type { GatewayResponse } from '../http/gateway-response.ts';

export interface TestRequest {
  method?: string;
  /** With its query, as it stands in the request line. */
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  caller?: Caller;
  clientIp?: string;
  local?: boolean;
  outgoing?: Partial<GatewayResponse>;
}

/** Hands a handler the context of a request, as the server would, without a server. */
export async function atRequest<T>(
  { path = '/x', headers = {}, outgoing = {}, ...request }: TestRequest,
  handle: (c: Context<AppEnv>) => Promise<T> | T,
): Promise<T> {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  // What the code under test looks at; a real one needs a connection.
  const incoming = { headers: Object.fromEntries(lowerCase), url: path } as unknown as IncomingMessage;
  const handled: { by?: Promise<T> } = {};
  const app = new Hono<AppEnv>();
  app.all('*', async (c) => {
    c.set('clientIp', request.clientIp ?? '203.0.113.1');
    c.set('local', request.local ?? false);
    c.set('requestId', 'the-request');
    c.set('caller', request.caller);
    handled.by = Promise.resolve(c).then(handle);
    await handled.by.catch(() => undefined);
    return c.body(null, 204);
  });
  const { method = 'POST', body } = request;
  await app.request(path, body === undefined ? { method, headers } : { method, headers, body }, {
    incoming,
    outgoing,
  });
  if (handled.by === undefined) throw new Error('the handler was not reached');
  return handled.by;
}
