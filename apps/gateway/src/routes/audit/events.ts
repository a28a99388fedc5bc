import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { AuditEvent, maxEvents, type AuditRow } from '@actp/shared/audit/event';
import { AppError } from '@actp/shared/errors';
import type { AuditBatcher } from '@actp/services/audit/batcher';
import { originOf } from '../../audit/origin.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import { fieldProblems } from '../../http/problem.ts';
import type { JsonPlace } from '../../http/strict-json.ts';

const fourMiB = 4_194_304;
const Batch = z.strictObject({ events: z.array(z.unknown()).min(1).max(maxEvents) });

/** `POST /v1/audit/events`: one event, or up to 500. 202 means that they are on Redis' disk. */
export function auditEventsRoute(serve: ServeRoute, deps: { auditBatcher: AuditBatcher }): void {
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
      const events = readEvents(c.req.valid('json'));
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

/** The event by its index and the field of it: what stands deeper in a result has no rules of its own. */
function eventField({ path, key }: JsonPlace): string {
  const steps = path.length === 0 && key !== undefined ? [key] : path;
  return steps.slice(0, steps[0] === 'events' ? 3 : 1).join('.') || 'body';
}

/** @throws AppError `validation_failed` with the index of every bad event; then nothing of the batch is kept */
function readEvents(body: Record<string, unknown>): AuditEvent[] {
  if (!('events' in body)) {
    const one = AuditEvent.safeParse(body);
    if (one.success) return [one.data];
    throw refusal(fieldProblems(one.error, 'json'));
  }
  const batch = Batch.safeParse(body);
  if (!batch.success) throw refusal(fieldProblems(batch.error, 'json'));
  const parsed = batch.data.events.map((event) => AuditEvent.safeParse(event));
  const problems = parsed.flatMap(({ error }, index) =>
    error ? fieldProblems(error, `events.${index}`) : [],
  );
  if (problems.length > 0) throw refusal(problems.slice(0, maxProblems));
  return parsed.flatMap(({ data }) => (data ? [data] : []));
}

const maxProblems = 100;

const refusal = (fields: AppError['fields']) =>
  new AppError('validation_failed', 'an event is not valid; none of the events was accepted', { fields });
