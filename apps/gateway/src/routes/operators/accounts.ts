import { z } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import { OperatorEmail } from '@actp/shared/names/email-address';
import { changeOperator } from '@actp/services/operators/change';
import { inviteOperator } from '@actp/services/operators/invite';
import { listOperators } from '@actp/services/operators/list';
import type { AppDeps } from '../../app-deps.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { pageLimit } from '../../http/page-limit.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';
import { IdParam, Name, Operator, operatorAnswer } from './shared.ts';

/** `/v1/operators`: operators invite each other, and disable, enable and rename accounts. */
export function operatorAccountRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'db' | 'sessions'>): void {
  serve(
    {
      operationId: 'inviteOperator',
      callers: ['operator'],
      audit: 'service',
      method: 'post',
      path: '/v1/operators',
      summary: 'Invite an operator',
      tags: ['operators'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': { schema: z.strictObject({ email: OperatorEmail, name: Name.optional() }) },
          },
        },
      },
      responses: {
        201: {
          description: 'Invited. The code is shown only here: give it to the person who is meant',
          content: {
            'application/json': {
              schema: z.object({
                id: z.uuid(),
                email: z.string(),
                invite_code: z.string(),
                expires_at: z.string(),
              }),
            },
          },
        },
        409: { description: 'There is an account of this address' },
      },
    },
    async (c, caller) => {
      const { email, name } = c.req.valid('json');
      const { operator, code } = await inviteOperator(deps, { email, name }, contextOf(c, caller));
      const { id, invite_expires_at } = operator;
      return c.json(
        { id, email: operator.email, invite_code: code, expires_at: invite_expires_at ?? '' },
        201,
      );
    },
  );

  serve(
    {
      operationId: 'listOperators',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/operators',
      summary: 'List operators',
      tags: ['operators'],
      request: {
        query: z.strictObject({ cursor: pageCursor(/^[\da-f-]{36}$/), limit: pageLimit(100, 20) }),
      },
      responses: {
        200: {
          description: 'A page, newest first; `self` is who asks',
          content: {
            'application/json': {
              schema: z.object({
                operators: z.array(Operator.and(z.object({ self: z.boolean() }))),
                next_cursor: z.string().nullable(),
              }),
            },
          },
        },
      },
    },
    async (c, caller) => {
      const { cursor, limit } = c.req.valid('query');
      const rows = await listOperators(deps.db, { before: cursor, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const operators = page.map(({ operator }) => ({ ...operator, self: operator.id === caller.id }));
      return c.json({ operators, next_cursor: last ? writeCursor(last.position) : null }, 200);
    },
  );

  serve(
    {
      operationId: 'changeOperator',
      callers: ['operator'],
      audit: 'service',
      method: 'patch',
      path: '/v1/operators/{id}',
      summary: 'Disable, enable or rename an operator',
      tags: ['operators'],
      request: {
        params: IdParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.strictObject({ name: Name.optional(), disabled: z.boolean().optional() }),
            },
          },
        },
      },
      responses: {
        200: operatorAnswer('As it is now; a disabled operator has no session any more'),
        404: { description: 'No such operator' },
        409: { description: 'The last enabled operator cannot be disabled' },
      },
    },
    async (c, caller) => {
      const { name, disabled } = c.req.valid('json');
      if (name === undefined && disabled === undefined) {
        throw new AppError('validation_failed', 'the request is not valid', {
          fields: [{ field: 'body', message: 'must have name or disabled' }],
        });
      }
      const { id } = c.req.valid('param');
      return c.json(await changeOperator(deps, id, { name, disabled }, contextOf(c, caller)), 200);
    },
  );
}
