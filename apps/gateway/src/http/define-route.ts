import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { CallerKind } from '../context.ts';
import type { Credentials } from '../auth/credentials.ts';
import { jsonBody, noQuery, oneMiB } from './body-rules.ts';
import { Problem } from './problem.ts';

/** Who may call a route. 'anyone' has to be said; forgetting it is a type error. */
export type Who = 'anyone' | readonly CallerKind[];

const problemContent = { 'application/problem+json': { schema: Problem } };

/**
 * Describes a route once, for the code that serves it and for the API description: its credential is checked before
 * anything else of the request is looked at, then its body's size and type; unknown query parameters are refused.
 */
export function defineRoute<const R extends Omit<RouteConfig, 'security' | 'middleware'>>(
  credentials: Credentials,
  who: Who,
  route: R,
) {
  const open = who === 'anyone';
  const failures = {
    400: { description: 'Does not parse or validate', content: problemContent },
    ...(open
      ? {}
      : {
          401: { description: 'No valid credential', content: problemContent },
          403: { description: 'A credential of another kind', content: problemContent },
        }),
    429: { description: 'Too many requests', content: problemContent },
    503: { description: 'A part is down; try again', content: problemContent },
  };
  const withBody = route.method !== 'get';
  const described = createRoute({
    ...route,
    responses: { ...failures, ...withProblems(route.responses) },
    middleware: [
      ...(open ? [] : [credentials.only(who)]),
      ...(withBody ? [jsonBody(oneMiB)] : []),
      ...(route.request?.query ? [] : [noQuery]),
    ],
    ...(open ? {} : { security: securityOf(who) }),
  });
  // Failures are thrown, so a handler's type need only know the answers that the route itself names.
  return described as unknown as R & { getRoutingPath(): RoutingPath<R['path']> };
}

// A failure that a route names itself has the same form as all others.
function withProblems(responses: RouteConfig['responses']): RouteConfig['responses'] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      Number(status) >= 400 && !('content' in response) ? { ...response, content: problemContent } : response,
    ]),
  );
}

// Hono writes a path parameter as :name, OpenAPI as {name}.
type RoutingPath<P extends string> = P extends `${infer Head}/{${infer Name}}${infer Tail}`
  ? `${Head}/:${Name}${RoutingPath<Tail>}`
  : P;

function securityOf(who: readonly CallerKind[]): Array<Record<string, string[]>> {
  return who.flatMap((kind): Array<Record<string, string[]>> =>
    kind === 'agent' ? [{ workerSecret: [] }, { workerSecretHeader: [] }] : [{ [kind]: [] }],
  );
}
