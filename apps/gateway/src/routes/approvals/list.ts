import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { Approval } from '../../approvals/wire.ts';
import type { Credentials } from '../../auth/credentials.ts';
import type { AppDeps, AppEnv } from '../../context.ts';
import { defineRoute } from '../../http/define-route.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { pageLimit } from '../../http/page-limit.ts';

const Query = z.strictObject({
  status: z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']).optional(),
  cursor: pageCursor(/^[\da-f-]{36}$/),
  limit: pageLimit(100, 20),
});

/** `GET /v1/approvals`: newest first, a page at a time. */
export function listApprovalsRoute(
  app: OpenAPIHono<AppEnv>,
  credentials: Credentials,
  deps: Pick<AppDeps, 'approvals'>,
): void {
  app.openapi(
    defineRoute(credentials, ['agent', 'operator'], {
      method: 'get',
      path: '/v1/approvals',
      summary: 'List approvals',
      tags: ['approvals'],
      request: { query: Query },
      responses: {
        200: {
          description: 'A page, newest first',
          content: {
            'application/json': {
              schema: z.object({ approvals: z.array(Approval), next_cursor: z.string().nullable() }),
            },
          },
        },
      },
    }),
    async (c) => {
      const { status, cursor, limit } = c.req.valid('query');
      // One more than asked for: it says whether there is a next page.
      const rows = await deps.approvals.list({ status, before: cursor, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return c.json(
        {
          approvals: page.map((row) => row.approval),
          next_cursor: last ? writeCursor(last.cursor) : null,
        },
        200,
      );
    },
  );
}
