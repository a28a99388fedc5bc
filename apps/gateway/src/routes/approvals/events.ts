import { z } from '@hono/zod-openapi';
import { readApprovalEvents } from '@actp/services/approvals/events';
import { readApproval } from '@actp/services/approvals/read';
import type { AppDeps } from '../../app-deps.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { assertSeen, LastEventId, streamChanges } from '../../http/stream-changes.ts';
import { assertOwn, assertStillValid, IdParam, notFound } from './shared.ts';

// After these nothing happens any more. (An expiry shows in the approval before it has its event.)
const finalEvents = new Set(['rejected', 'expired', 'cancelled', 'lapsed', 'succeeded', 'failed', 'unknown']);

/** `GET /v1/approvals/{id}/events`: every change as it happens; the stream ends when nothing more can happen. */
export function approvalEventsRoute(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'approvals' | 'hub' | 'log' | 'sessions'>,
): void {
  serve(
    {
      operationId: 'followApproval',
      callers: ['agent', 'operator'],
      audit: 'none',
      asItself: 'reads',
      method: 'get',
      path: '/v1/approvals/{id}/events',
      summary: 'Follow an approval with server-sent events',
      tags: ['approvals'],
      request: { params: IdParam, headers: z.object({ 'last-event-id': LastEventId.optional() }) },
      responses: {
        200: {
          description:
            'One event per change: its id is the version, its data the approval as it is when the event is sent',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        ...notFound,
      },
    },
    async (c, caller) => {
      const { id } = c.req.valid('param');
      const seen = c.req.valid('header')['last-event-id'] ?? 0;
      const first = await readApproval(deps.approvals.db, id); // 404 before a stream begins
      assertOwn(first, caller);
      assertSeen(seen, first, 'approval');
      return streamChanges(c, deps, {
        hub: deps.hub,
        id,
        caller,
        seen,
        eventsAfter: (version) => readApprovalEvents(deps.approvals.db, id, version),
        isLast: (type) => finalEvents.has(type),
        shown: (approval) => approval,
        assertStill: () => assertStillValid(caller),
      });
    },
  );
}
