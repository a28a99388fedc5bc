import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { requestAudit } from '../audit/request-audit.ts';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { createClientAddress } from './client-address.ts';
import { headerOf } from './header-of.ts';
import { traceRequest } from './trace-request.ts';

/**
 * First of all middleware: notes the request's id and its client's address, and when it is answered writes the one log event
 * that says what became of it, and what the audit log is to know. One layer, since each costs every request two microseconds.
 */
export function requestContext(deps: AppDeps): MiddlewareHandler<AppEnv> {
  const record = requestAudit(deps);
  const clientAddress = createClientAddress(deps.config.trustedProxies, deps.config.hostAddress);
  return async (c, next) => {
    const started = performance.now();
    const { incoming, outgoing } = c.env;
    const { requestId } = outgoing;
    const { ip, local } = clientAddress(incoming.socket.remoteAddress, headerOf(c, 'x-forwarded-for'));
    c.set('requestId', requestId);
    c.set('clientIp', ip);
    c.set('local', local);
    c.set('caller', undefined);
    c.set('actor', undefined);
    c.set('auditAction', undefined);

    await traceRequest(c, next);

    const ms = performance.now() - started;
    const route = routePath(c, -1);
    deps.metrics.observeRequest(c.req.method, route, c.res.status, ms / 1_000);
    const caller = c.get('caller');
    deps.log[c.error && c.res.status >= 500 ? 'error' : 'info'](
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
    record(c, ms);
  };
}
