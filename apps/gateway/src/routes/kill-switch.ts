import { z } from '@hono/zod-openapi';
import { readScope } from '@actp/policy/kill-switch';
import { AppError } from '@actp/shared/errors';
import { scopeWithoutSecret } from '@actp/shared/kill-switch/scope-without-secret';
import type { AppDeps } from '../app-deps.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { namedSchema } from '../http/named-schema.ts';
import { readableText } from '../http/readable-text.ts';
import { activeKillSwitches, ActiveKillSwitch } from '@actp/services/kill-switch/active';
import { liftKillSwitch } from '@actp/services/kill-switch/lift';
import { setKillSwitch } from '@actp/services/kill-switch/set';
import { contextOf } from '../audit/origin.ts';

const scopeText = 'all, agent:<id> or action:<name or glob>';

const Scope = z
  .string(`must be ${scopeText}`)
  .max(256)
  .transform((text, ctx) => {
    const read = readScope(scopeWithoutSecret(text));
    if (read.ok) return read.scope;
    ctx.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: scopeText, example: 'action:email.*' });

const reasonRule = 'must say why, in 1 to 500 characters';
const Reason = z
  .string(reasonRule)
  .pipe(readableText(500))
  .refine((text) => text !== '', reasonRule);

const Active = namedSchema('KillSwitch', ActiveKillSwitch);

/** `/v1/kill-switch`: operators stop everything, an agent or an action, see what is stopped, and lift it. */
export function killSwitchRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'killSwitches'>): void {
  const { killSwitches } = deps;

  serve(
    {
      operationId: 'setKillSwitch',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/kill-switch',
      summary: 'Set a kill switch for everything, an agent or an action',
      tags: ['kill switch'],
      request: {
        body: {
          required: true,
          content: { 'application/json': { schema: z.strictObject({ scope: Scope, reason: Reason }) } },
        },
      },
      responses: {
        201: setAnswer('Stopped'),
        200: setAnswer('Already stopped; the earlier reason stays'),
        409: { description: 'Too many scopes are stopped already' },
      },
    },
    async (c, caller) => {
      const { scope, reason } = c.req.valid('json');
      const { active, alreadySet } = await setKillSwitch(
        killSwitches,
        { scope, reason },
        contextOf(c, caller),
      );
      return c.json({ ...active, already_set: alreadySet }, alreadySet ? 200 : 201);
    },
  );

  serve(
    {
      operationId: 'liftKillSwitch',
      callers: ['operator'],
      audit: 'service',
      method: 'delete',
      path: '/v1/kill-switch',
      summary: 'Lift a kill switch: exactly this scope',
      tags: ['kill switch'],
      request: {
        query: z.strictObject({ scope: Scope.optional(), reason: Reason.optional() }),
        body: {
          required: false,
          content: {
            'application/json': {
              schema: z.strictObject({ scope: Scope.optional(), reason: Reason.optional() }),
            },
          },
        },
      },
      responses: {
        200: {
          description: 'Lifted; what has not expired goes on',
          content: { 'application/json': { schema: Active } },
        },
        404: { description: 'This scope is not stopped' },
      },
    },
    async (c, caller) => {
      const [query, body] = [c.req.valid('query'), c.req.valid('json')];
      const scope = theOne('scope', body.scope, query.scope);
      if (scope === undefined) throw invalid('scope', `must be ${scopeText}, in the body or the query`);
      const reason = theOne('reason', body.reason, query.reason);
      return c.json(await liftKillSwitch(killSwitches, { scope, reason }, contextOf(c, caller)), 200);
    },
  );

  serve(
    {
      operationId: 'listKillSwitches',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/kill-switch',
      summary: 'List active kill switches',
      tags: ['kill switch'],
      responses: {
        200: {
          description: 'All active kill switches, newest first',
          content: {
            'application/json': {
              schema: z.object({ kill_switches: z.array(Active), next_cursor: z.null() }),
            },
          },
        },
      },
    },
    async (c) => c.json({ kill_switches: await activeKillSwitches(killSwitches.db), next_cursor: null }, 200),
  );
}

const setAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Active.extend({ already_set: z.boolean() }) } },
});

function theOne(field: string, body: string | undefined, query: string | undefined): string | undefined {
  if (body === undefined || query === undefined || body === query) return body ?? query;
  throw invalid(field, 'says one thing in the body and another in the query');
}

const invalid = (field: string, message: string) =>
  new AppError('validation_failed', 'the request is not valid', { fields: [{ field, message }] });
