import { z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { AppError } from '@actp/shared/errors';
import { readApprovalEvents } from '@actp/services/approvals/events';
import { readApproval } from '@actp/services/approvals/read';
import type { AppDeps } from '../../app-deps.ts';
import { watchCredential } from '../../auth/watch-credential.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { assertOwn, assertStillValid, IdParam, notFound } from './shared.ts';

// Proxies close silent connections after 30 to 60 s.
const heartbeatMs = 15_000;

// After these nothing happens any more. (An expiry shows in the approval before it has its event.)
const finalEvents = new Set(['rejected', 'expired', 'cancelled', 'lapsed', 'succeeded', 'failed', 'unknown']);

const LastEventId = z
  .string()
  .regex(/^\d{1,9}$/, 'must be the id of an event that was received')
  .transform(Number);

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
      let seen = c.req.valid('header')['last-event-id'] ?? 0;
      const first = await readApproval(deps.approvals.db, id); // 404 before a stream begins
      assertOwn(first, caller);
      if (seen > first.version) {
        throw new AppError('validation_failed', 'Last-Event-ID is ahead of this approval', {
          fields: [{ field: 'Last-Event-ID', message: 'must be the id of an event that was received' }],
        });
      }
      const gone = new AbortController();
      let last = '';
      return streamSSE(
        c,
        async (stream) => {
          stream.onAbort(() => gone.abort());
          const follower = deps.hub.follow(id);
          const credential = watchCredential(deps.sessions, caller);
          credential.ended.addEventListener('abort', () => gone.abort());
          try {
            while (!gone.signal.aborted && !deps.hub.closing.aborted) {
              const approval = await follower.look();
              await assertStillValid(caller);
              const events = await readApprovalEvents(deps.approvals.db, id, seen - 1);
              // It went on between the two: what is told must not be older than its event.
              if ((events.at(-1)?.version ?? 0) > approval.version) continue;
              for (const { version, type } of events) {
                last = type;
                if (version <= seen) continue;
                await stream.writeSSE({ id: String(version), event: type, data: JSON.stringify(approval) });
                seen = version;
              }
              if (finalEvents.has(last)) return;
              const pause = AbortSignal.any([
                gone.signal,
                deps.hub.closing,
                AbortSignal.timeout(heartbeatMs),
              ]);
              if (!(await follower.changed(pause))) await stream.write(': still here\n\n');
            }
          } finally {
            follower.end();
            credential.stop();
          }
        },
        async (error) => {
          // The client comes back with Last-Event-ID: nothing is lost by ending here.
          deps.log.warn({ err: error }, 'an event stream ended early');
        },
      );
    },
  );
}
