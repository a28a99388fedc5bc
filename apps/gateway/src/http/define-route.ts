import { createRoute, z, type RouteConfig } from '@hono/zod-openapi';
import type { CallerKind } from '../context.ts';
import type { Credentials } from '../auth/credentials.ts';
import { Problem } from './problem.ts';

/** Who may call a route. 'anyone' has to be said; forgetting it is a type error. */
export type Who = 'anyone' | readonly CallerKind[];

const problemContent = { 'application/problem+json': { schema: Problem } };

/**
 * Describes a route once, for the code that serves it and for the API description: its credential is checked before
 * anything of the request is looked at, and unknown query parameters are refused.
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
  const described = createRoute({
    ...route,
    request: { query: z.strictObject({}), ...route.request },
    responses: { ...failures, ...route.responses },
    ...(open ? {} : { middleware: credentials.only(who), security: securityOf(who) }),
  });
  // Failures are thrown, so a handler's type need only know the answers that the route itself names.
  return described as unknown as R & { getRoutingPath(): RoutingPath<R['path']> };
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
