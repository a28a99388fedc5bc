import type { Context, Next } from 'hono';
import { routePath } from 'hono/route';
import { activeTracer, type SpanAttributes, type TraceCarrier } from '@actp/shared/telemetry/tracer';
import type { AppEnv } from '../app-env.ts';
import { headerOf } from './header-of.ts';

// Asked every few seconds by whoever watches the plane.
const untraced = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Answers a request as a span, a part of the caller's trace when it sends a `traceparent`. The span has the route's pattern, and neither the path nor
 * the query nor a body.
 */
export function traceRequest(c: Context<AppEnv>, next: Next): Promise<void> {
  const tracer = activeTracer();
  if (tracer === undefined || untraced.has(c.req.path)) return next();
  const { method } = c.req;
  const attributes = { 'http.request.method': method, 'actp.request_id': c.get('requestId') };
  return tracer.run(
    method,
    { kind: 'server', attributes, parent: carrierOf(c), root: true },
    async (span) => {
      await next();
      const route = routePath(c, -1);
      span.rename(`${method} ${route}`);
      span.set({ ...callerAttributes(c), 'http.route': route, 'http.response.status_code': c.res.status });
      if (c.res.status >= 500) span.fail(`HTTP ${c.res.status}`);
    },
  );
}

function carrierOf(c: Context<AppEnv>): Partial<TraceCarrier> {
  const traceparent = headerOf(c, 'traceparent');
  const tracestate = headerOf(c, 'tracestate');
  return {
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
}

function callerAttributes(c: Context<AppEnv>): SpanAttributes {
  const caller = c.get('caller');
  return caller === undefined ? {} : { 'actp.caller': caller.kind };
}
