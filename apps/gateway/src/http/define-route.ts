import { createRoute, type OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context, Handler } from 'hono';
import type { AppEnv, CallerKind } from '../context.ts';
import type { Credentials } from '../auth/credentials.ts';
import { Problem } from './problem.ts';
import { requestReader, type BodyRules } from './read-request.ts';

/** Who may call a route. 'anyone' has to be said; forgetting it is a type error. */
export type Who = 'anyone' | readonly CallerKind[];

const problemContent = { 'application/problem+json': { schema: Problem } };

interface DefinedRoute extends RouteConfig {
  /** Throws when the caller may not, or the request does not fit. */
  admit(c: Context<AppEnv>): Promise<void>;
}

/**
 * Describes a route once, for the code that serves it and for the API description: its credential is checked before
 * anything else of the request is looked at, then its body's size and type; unknown query parameters are refused.
 */
export function defineRoute<const R extends Omit<RouteConfig, 'security' | 'middleware'> & BodyRules>(
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
  const read = requestReader(route);
  // Not a part of the API description, and of no use to the library.
  const {
    maxBodyBytes: _size,
    fieldOf: _names,
    ...described
  }: Omit<RouteConfig, 'security' | 'middleware'> & BodyRules = route;
  const defined: DefinedRoute = {
    ...createRoute({
      ...described,
      responses: { ...failures, ...withProblems(route.responses) },
      ...(open ? {} : { security: securityOf(who) }),
    }),
    async admit(c) {
      if (!open) await credentials.assert(c, who);
      await read(c);
    },
  };
  // Failures are thrown, so a handler's type need only know the answers that the route itself names.
  return defined as unknown as R & { getRoutingPath(): RoutingPath<R['path']> };
}

/**
 * `app.openapi` for routes that `defineRoute` made: one handler for each, instead of one middleware for the credential and
 * for every part of the request, which took a third of the time of a whole request.
 */
export function serveDefined(app: OpenAPIHono<AppEnv>): typeof app.openapi {
  const serve = ({ admit, ...route }: DefinedRoute, handler: Handler<AppEnv>) => {
    app.openAPIRegistry.registerPath(route);
    app.on([route.method], [route.path.replaceAll(/\/{(.+?)}/g, '/:$1')], async (c, next) => {
      await admit(c);
      return handler(c, next);
    });
    return app;
  };
  // The library's type ties what the schemas give to what the handler finds in `c.req.valid`; `admit` puts it there.
  return serve as unknown as typeof app.openapi;
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
