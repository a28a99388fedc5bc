import { z } from '@hono/zod-openapi';
import { endSession } from '@actp/services/sessions/end';
import { listSessions, Session } from '@actp/services/sessions/list';
import type { AppDeps } from '../../app-deps.ts';
import { namedSchema } from '../../http/named-schema.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { pageLimit } from '../../http/page-limit.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { contextOf } from '../../audit/origin.ts';

const Listed = namedSchema('Session', Session.extend({ current: z.boolean() }));

/** `/v1/sessions`: operators see who is logged in, and end sessions. */
export function sessionRoutes(serve: ServeRoute, deps: Pick<AppDeps, 'db' | 'sessions'>): void {
  serve(
    {
      operationId: 'listSessions',
      callers: ['operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/sessions',
      summary: 'List live sessions of everybody',
      tags: ['auth'],
      request: {
        query: z.strictObject({ cursor: pageCursor(/^[\da-f-]{36}$/), limit: pageLimit(100, 20) }),
      },
      responses: {
        200: {
          description: 'A page, newest first',
          content: {
            'application/json': {
              schema: z.object({ sessions: z.array(Listed), next_cursor: z.string().nullable() }),
            },
          },
        },
      },
    },
    async (c, caller) => {
      const { cursor, limit } = c.req.valid('query');
      const rows = await listSessions(deps.db, { before: cursor, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const sessions = page.map(({ session }) => ({ ...session, current: session.id === caller.session }));
      return c.json({ sessions, next_cursor: last ? writeCursor(last.position) : null }, 200);
    },
  );

  serve(
    {
      operationId: 'endSession',
      callers: ['operator'],
      audit: 'service',
      method: 'delete',
      path: '/v1/sessions/{id}',
      summary: 'End a session, within a second on every gateway',
      tags: ['auth'],
      request: { params: z.object({ id: z.uuid('must be the id of a session') }) },
      responses: {
        204: { description: 'Ended' },
        404: { description: 'No such session, or it has ended already' },
      },
    },
    async (c, caller) => {
      await endSession(deps, c.req.valid('param').id, 'operator', contextOf(c, caller));
      return c.body(null, 204);
    },
  );
}
