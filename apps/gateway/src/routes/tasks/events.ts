import { z } from '@hono/zod-openapi';
import { readTask } from '@actp/services/tasks/read';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { assertSeen, LastEventId, streamChanges } from '../../http/stream-changes.ts';
import { IdParam, notFound, readerOf, withoutSecrets } from './shared.ts';

// A task that is over may be resolved later: whoever wants to know of that asks again.
const finalSteps = new Set(['succeed', 'fail', 'reject', 'cancel', 'effect_resolved']);

/** `GET /v1/tasks/{id}/events`: every step as it happens; the stream ends when the task is over. */
export function taskEventsRoute(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'db' | 'taskHub' | 'log' | 'sessions'>,
): void {
  serve(
    {
      operationId: 'followTask',
      callers: ['user', 'operator'],
      audit: 'none',
      method: 'get',
      path: '/v1/tasks/{id}/events',
      summary: 'Follow a task with server-sent events',
      tags: ['tasks'],
      request: { params: IdParam, headers: z.object({ 'last-event-id': LastEventId.optional() }) },
      responses: {
        200: {
          description:
            'One event per step: its id is the version, its data the task as it is when the event is sent',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        ...notFound,
      },
    },
    async (c, caller) => {
      const { id } = c.req.valid('param');
      const seen = c.req.valid('header')['last-event-id'] ?? 0;
      const first = await readTask(deps.db, id, readerOf(caller)); // 404 before a stream begins
      assertSeen(seen, first, 'task');
      return streamChanges(c, deps, {
        hub: deps.taskHub,
        id,
        caller,
        seen,
        eventsAfter: (version, { steps }) =>
          Promise.resolve(
            steps
              .filter((step) => step.version > version)
              .map((step) => ({ version: step.version, type: step.name })),
          ),
        isLast: (type) => finalSteps.has(type),
        shown: withoutSecrets,
      });
    },
  );
}
