import { z } from '@hono/zod-openapi';
import { listTasks } from '@actp/services/tasks/read';
import { TaskStatus } from '@actp/services/tasks/task-schema';
import type { AppDeps } from '../../app-deps.ts';
import { pageCursor, writeCursor } from '../../http/page-cursor.ts';
import { pageLimit } from '../../http/page-limit.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { readerOf, Task, withoutSecrets } from './shared.ts';

const Query = z.strictObject({
  status: TaskStatus.optional(),
  cursor: pageCursor(/^[\da-f-]{36}$/),
  limit: pageLimit(100, 20),
});

/** `GET /v1/tasks`: newest first, a page at a time. */
export function listTasksRoute(serve: ServeRoute, deps: Pick<AppDeps, 'db'>): void {
  serve(
    {
      operationId: 'listTasks',
      callers: ['user', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/tasks',
      summary: "List tasks without their results: a user's own, or for an operator all",
      tags: ['tasks'],
      request: { query: Query },
      responses: {
        200: {
          description: 'A page, newest first',
          content: {
            'application/json': {
              schema: z.object({ tasks: z.array(Task), next_cursor: z.string().nullable() }),
            },
          },
        },
      },
    },
    async (c, caller) => {
      const { status, cursor, limit } = c.req.valid('query');
      // One more than asked for: it says whether there is a next page.
      const rows = await listTasks(deps.db, {
        reader: readerOf(caller),
        status,
        before: cursor,
        limit: limit + 1,
      });
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return c.json(
        {
          tasks: rows.slice(0, limit).map(({ task }) => withoutSecrets(task)),
          next_cursor: last ? writeCursor(last.position) : null,
        },
        200,
      );
    },
  );
}
