import type { Context } from 'hono';
import { createRoute, type OpenAPIHono, type RouteConfig, type RouteHandler } from '@hono/zod-openapi';
import type { AppEnv, Caller, CallerKind } from '../app-env.ts';
import type { AsItself, Credentials } from '../auth/credentials.ts';
import { mayBeLarge, type LargeBodies } from '../large-bodies/large-bodies.ts';
import { Problem } from './problem.ts';
import { requestReader, type BodyRules } from './read-request.ts';

/** Who may call a route. 'anyone' has to be said; forgetting it is a type error. */
type AllowedCallers = 'anyone' | readonly CallerKind[];

/** Everything about a route, in one place: for the code that serves it, for the audit log, and for the API description. */
interface RouteDeclaration extends Omit<RouteConfig, 'security' | 'middleware'>, BodyRules {
  /** The name under which generated clients have it. */
  operationId: string;
  callers: AllowedCallers;
  /**
   * The `action_type` that a request leaves in the audit log. `service`: the service behind it writes the event, in the
   * transaction of its change, or the events are its very content. `none`: it changes nothing, and does not read the audit log.
   */
  audit: string;
  /** An agent does this in its own name. What it `acts` needs a key of its own with AGENT_KEYS_REQUIRED. */
  asItself?: AsItself;
  /** Where anyone may call: who may not after all. It is asked before the body is looked at. */
  admit?: (c: Context<AppEnv>) => Promise<void>;
}

/** The caller as the handler gets it: of a kind that the route allows. */
type CallerOf<C extends AllowedCallers> = C extends readonly (infer K)[]
  ? Extract<Caller, { kind: K }>
  : undefined;

type Handle<R extends RouteDeclaration> = RouteHandler<R, AppEnv>;

export type ServeRoute = <const R extends RouteDeclaration>(
  route: R,
  handler: (c: Parameters<Handle<R>>[0], caller: CallerOf<R['callers']>) => ReturnType<Handle<R>>,
) => void;

const problemContent = { 'application/problem+json': { schema: Problem } };

/**
 * Serves routes as they are declared: the credential is checked before anything else of the request is looked at, then its
 * body's size and type; unknown query parameters are refused. One handler for each route, instead of one middleware for the
 * credential and for every part of the request, which took a third of the time of a whole request.
 */
export function createServeRoute(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  largeBodies: LargeBodies,
): ServeRoute {
  return (declaration, handler) => {
    const { callers, audit, asItself, admit, maxBodyBytes, fieldOf, readLarge, ...route }: RouteDeclaration =
      declaration;
    app.openAPIRegistry.registerPath(describeRoute(route, callers));
    const readRequest = requestReader(
      {
        ...route,
        ...(maxBodyBytes !== undefined && { maxBodyBytes }),
        ...(fieldOf !== undefined && { fieldOf }),
        ...(readLarge !== undefined && { readLarge }),
      },
      largeBodies,
    );
    const kind = readLarge === undefined ? 'other' : 'batch';
    const path = route.path.replaceAll(/\/{(.+?)}/g, '/:$1');
    // The library's types tie what the schemas give to what a handler finds in `c.req.valid`; `readRequest` puts it there, and
    // `assert` makes sure of the caller's kind.
    const handle = handler as unknown as (
      c: unknown,
      caller: Caller | undefined,
    ) => Response | Promise<Response>;
    app.on([route.method], [path], async (c) => {
      c.set('auditAction', audit);
      const caller = callers === 'anyone' ? undefined : await credentials.assert(c, callers, asItself);
      if (admit !== undefined) await admit(c);
      if (mayBeLarge(c)) return largeBodies.admitted(c, kind, () => answer(c, caller));
      return answer(c, caller);
    });

    async function answer(c: Context<AppEnv>, caller: Caller | undefined): Promise<Response> {
      await readRequest(c);
      const given = await handle(c, caller);
      // What is read for long is not given to somebody whose session or key has ended meanwhile. (Changes are refused by the database.)
      if (caller !== undefined && route.method === 'get') await credentials.assertStill(caller);
      return given;
    }
  };
}

function describeRoute(route: RouteConfig, callers: AllowedCallers): RouteConfig {
  const failures = {
    400: { description: 'Invalid request', content: problemContent },
    ...(callers !== 'anyone' && {
      401: { description: 'No valid credential', content: problemContent },
      403: { description: 'A credential of another kind', content: problemContent },
    }),
    429: { description: 'Too many requests', content: problemContent },
    503: { description: 'A dependency is unavailable; retry', content: problemContent },
  };
  return createRoute({
    ...route,
    responses: { ...failures, ...withProblems(route.responses) },
    ...(callers !== 'anyone' && { security: securityOf(callers) }),
  });
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

function securityOf(callers: readonly CallerKind[]): Array<Record<string, string[]>> {
  return callers.flatMap((kind): Array<Record<string, string[]>> =>
    kind === 'agent' ? [{ workerSecret: [] }, { workerSecretHeader: [] }] : [{ [kind]: [] }],
  );
}
