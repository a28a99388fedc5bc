import { activeTracer, type Tracer } from '@actp/shared/telemetry/tracer';

/**
 * What supabase-js calls the database with: `fetch`, as a span where traces are on. The span has the name of the SQL function or table and never
 * its arguments; its trace context goes along as a header, so that a row can keep it.
 */
export const tracedFetch: typeof fetch = (input, init) => {
  const tracer = activeTracer();
  return tracer === undefined ? fetch(input, init) : inSpan(tracer, input, init);
};

function inSpan(tracer: Tracer, input: string | URL | Request, init: RequestInit | undefined) {
  const operation = operationOf(input);
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
  return tracer.run(`db ${operation}`, { kind: 'client', attributes }, async (span) => {
    const response = await fetch(input, withHeaders(init, span.carrier()));
    span.set({ 'http.response.status_code': response.status });
    if (response.status >= 400) span.fail(`HTTP ${response.status}`);
    return response;
  });
}

function withHeaders(init: RequestInit | undefined, carrier: object | undefined): RequestInit | undefined {
  if (carrier === undefined) return init;
  const headers = new Headers(init?.headers);
  for (const [name, value] of Object.entries(carrier) as Array<[string, string]>) headers.set(name, value);
  return { ...init, headers };
}

// .../rest/v1/rpc/<function>, or .../rest/v1/<table>.
function operationOf(input: string | URL | Request): string {
  const url = new URL(input instanceof Request ? input.url : input);
  return url.pathname.slice(url.pathname.lastIndexOf('/') + 1) || 'rest';
}
