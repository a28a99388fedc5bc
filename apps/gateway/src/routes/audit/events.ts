import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { AuditRow } from '@actp/shared/audit/event';
import type { AuditBatcher } from '@actp/services/audit/batcher';
import { originOf } from '../../audit/origin.ts';
import { eventField, readEvents } from '../../audit/read-events.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import type { LargeBodies } from '../../large-bodies/large-bodies.ts';

const fourMiB = 4_194_304;

/** What a thread has made of a large body. */
class LargeBatch {
  readonly count: number;
  readonly json: string;

  constructor({ count, json }: { count: number; json: string }) {
    this.count = count;
    this.json = json;
  }
}

/** `POST /v1/audit/events`: one event, or up to 500. 202 means that they are on Redis' disk. */
export function auditEventsRoute(
  serve: ServeRoute,
  deps: { auditBatcher: AuditBatcher; largeBodies: LargeBodies },
): void {
  serve(
    {
      operationId: 'writeAuditEvents',
      callers: ['agent'],
      audit: 'service',
      method: 'post',
      path: '/v1/audit/events',
      summary: 'Write audit events: one event, or {events: [...]} with 1 to 500',
      tags: ['audit'],
      maxBodyBytes: fourMiB,
      fieldOf: eventField,
      readLarge: async (c, bytes) => new LargeBatch(await deps.largeBodies.readEvents(bytes, originOf(c))),
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              // Read by hand below: an error names the event by its index, which a union of both forms would hide.
              schema: z
                .looseObject({})
                .openapi({ description: 'An audit event, or {events: [audit event, ...]}' }),
            },
          },
        },
      },
      responses: {
        202: {
          description: 'Accepted',
          content: { 'application/json': { schema: z.object({ accepted: z.int() }) } },
        },
        413: { description: 'More than 4 MiB' },
      },
    },
    async (c) => {
      const body = c.req.valid('json');
      if (body instanceof LargeBatch) {
        await deps.auditBatcher.addWritten(body.json);
        return c.json({ accepted: body.count }, 202);
      }
      const events = readEvents(body);
      const origin = originOf(c);
      const rows = events.map((event): AuditRow => ({
        ...event,
        event_id: event.event_id ?? randomUUID(),
        ...origin,
      }));
      await deps.auditBatcher.add(rows);
      return c.json({ accepted: events.length }, 202);
    },
  );
}
