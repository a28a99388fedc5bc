import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { AuditRow } from '@actp/shared/audit/event';
import type { AppDeps } from '../../app-deps.ts';
import { originOf } from '../../audit/origin.ts';
import { eventField, readEvents } from '../../audit/read-events.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import type { ReadBatch } from '../../large-bodies/thread.ts';
import { assertOwnNames } from './own-names.ts';

const fourMiB = 4_194_304;

/** What a thread has made of a large body. */
class LargeBatch {
  readonly read: ReadBatch;

  constructor(read: ReadBatch) {
    this.read = read;
  }
}

type EventsDeps = Pick<AppDeps, 'auditBatcher' | 'agentKeys' | 'largeBodies'>;

/** `POST /v1/audit/events`: one event, or up to 500. 202 means that they are on Redis' disk. */
export function auditEventsRoute(serve: ServeRoute, deps: EventsDeps): void {
  serve(
    {
      operationId: 'writeAuditEvents',
      callers: ['agent'],
      audit: 'service',
      asItself: 'acts',
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
    async (c, caller) => {
      const body = c.req.valid('json');
      if (body instanceof LargeBatch) {
        const { names, json } = body.read;
        await assertOwnNames(deps.agentKeys, caller, names);
        await deps.auditBatcher.addWritten(json);
        return c.json({ accepted: names.length }, 202);
      }
      const events = readEvents(body);
      await assertOwnNames(
        deps.agentKeys,
        caller,
        events.map(({ agent_id }) => agent_id),
      );
      const origin = originOf(c);
      const rows = events.map((event): AuditRow => ({
        ...event,
        event_id: event.event_id ?? randomUUID(),
        ...origin,
        source: 'http',
      }));
      await deps.auditBatcher.add(rows);
      return c.json({ accepted: events.length }, 202);
    },
  );
}
