import { z } from '@hono/zod-openapi';
import { LoggedEvent } from '@actp/services/audit/read';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { namedSchema } from '../../http/named-schema.ts';
import { pageLimit } from '../../http/page-limit.ts';
import { filterOf, filters, seenBy } from './filters.ts';

const Query = z.strictObject({
  ...filters,
  cursor: pageCursor(/^\d{1,15}$/),
  limit: pageLimit(1_000, 100),
});

/** `GET /v1/audit`: newest first, a page at a time. */
export function listAuditRoute(serve: ServeRoute, deps: Pick<AppDeps, 'auditLog'>): void {
  serve(
    {
      operationId: 'listAuditEvents',
      callers: ['operator', 'user'],
      audit: 'audit.read',
      method: 'get',
      path: '/v1/audit',
      summary: 'Read the audit log; a user sees their own events and those of their tasks',
      tags: ['audit'],
      request: { query: Query },
      responses: {
        200: {
          description: 'A page, newest first',
          content: {
            'application/json': {
              schema: z.object({
                events: z.array(namedSchema('AuditEvent', LoggedEvent)),
                next_cursor: z.string().nullable(),
              }),
            },
          },
        },
      },
    },
    async (c, caller) => {
      const { cursor, limit, ...query } = c.req.valid('query');
      // One more than asked for: it says whether there is a next page.
      const rows = await deps.auditLog.page(filterOf(query, caller), cursor, limit + 1);
      const events = rows.slice(0, limit).map((event) => seenBy(caller, event));
      const last = rows.length > limit ? events.at(-1) : undefined;
      return c.json(
        { events, next_cursor: last ? writeCursor({ at: last.created_at, id: last.id }) : null },
        200,
      );
    },
  );
}
