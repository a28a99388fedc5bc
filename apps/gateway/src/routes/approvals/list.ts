import { z } from '@hono/zod-openapi';
import { ApprovalStatus } from '@actp/services/approvals/approval-schema';
import { listApprovals } from '@actp/services/approvals/list';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { pageLimit } from '../../http/page-limit.ts';
import { Approval } from './shared.ts';
import { withoutSecrets } from './without-secrets.ts';

const Query = z.strictObject({
  status: ApprovalStatus.optional(),
  cursor: pageCursor(/^[\da-f-]{36}$/),
  limit: pageLimit(100, 20),
});

/** `GET /v1/approvals`: newest first, a page at a time. */
export function listApprovalsRoute(serve: ServeRoute, deps: Pick<AppDeps, 'approvals'>): void {
  serve(
    {
      operationId: 'listApprovals',
      callers: ['agent', 'operator'],
      audit: 'none',
      asItself: 'reads',
      method: 'get',
      path: '/v1/approvals',
      summary: "List approvals: all, or an agent's own; without the secrets in their details",
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
    },
    async (c, caller) => {
      const { status, cursor, limit } = c.req.valid('query');
      // One more than asked for: it says whether there is a next page.
      const rows = await listApprovals(deps.approvals.db, {
        status,
        before: cursor,
        limit: limit + 1,
        agent: caller.kind === 'agent' ? caller.id : undefined,
      });
      const page = rows.slice(0, limit);
      const last = rows.length > limit || page.at(-1)?.cut === true ? page.at(-1) : undefined;
      return c.json(
        {
          approvals: await withoutSecrets(page.map((row) => row.approval)),
          next_cursor: last ? writeCursor(last.position) : null,
        },
        200,
      );
    },
  );
}
