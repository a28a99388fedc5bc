import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { AppDeps, AppEnv } from '../context.ts';
import { createClientAddress } from './client-address.ts';

/**
 * First of all middleware: gives the request its id and its client's address, and writes the one event that says what
 * became of it.
 */
export function requestContext(deps: AppDeps): MiddlewareHandler<AppEnv> {
  const clientAddress = createClientAddress(deps.config.trustedProxies);
  return async (c, next) => {
    const started = performance.now();
    const requestId = randomUUID();
    const { ip, local } = clientAddress(c.env.incoming.socket.remoteAddress, c.req.header('x-forwarded-for'));
    c.set('requestId', requestId);
    c.set('clientIp', ip);
    c.set('local', local);
    c.set('caller', undefined);

    await next();

    // Not before: an answer that was not made by this context (Bull Board's) would come without it.
    c.res.headers.set('X-Request-Id', requestId);

    const ms = performance.now() - started;
    const route = routePath(c, -1);
    deps.metrics.observeRequest(c.req.method, route, c.res.status, ms / 1_000);
    const caller = c.get('caller');
    deps.log[c.res.status >= 500 ? 'error' : 'info'](
      {
        request_id: requestId,
        method: c.req.method,
        route,
        status: c.res.status,
        ms: Math.round(ms * 10) / 10,
        ip,
        ...(caller ? { caller: caller.kind, caller_id: caller.id } : {}),
        ...(c.error && c.res.status >= 500 ? { err: c.error } : {}),
      },
      'request',
    );
  };
}
