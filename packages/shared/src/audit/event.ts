import { z } from 'zod';
import { EventTime } from './event-time.ts';

/** What an event's `error`, or its `result` written as JSON, may measure. */
export const maxFieldBytes = 65_536;
/** The same once secrets are taken out: what stands in their place can be longer. */
export const maxRedactedErrorBytes = 2 * maxFieldBytes;
export const maxRedactedResultBytes = 4 * maxFieldBytes;
/** How many events one request or one job may hold. */
export const maxEvents = 500;

// As Postgres counts: characters, not halves of them.
function text(max: number) {
  const rule = `must be 1 to ${max} characters`;
  return z.string().refine((value) => value !== '' && hasAtMost(value, max), rule);
}

function hasAtMost(value: string, max: number): boolean {
  return value.length <= max || (value.length <= 2 * max && Array.from(value).length <= max);
}

const errorUpTo = (bytes: number) =>
  z
    .string()
    .refine((value) => Buffer.byteLength(value) <= bytes, `must not be larger than ${bytes} bytes`)
    .nullish();
// Any JSON: it was read from JSON, so there is nothing else to check.
const resultUpTo = (bytes: number) =>
  z
    .unknown()
    .refine(
      (value) => Buffer.byteLength(JSON.stringify(value) ?? '') <= bytes,
      `must not be larger than ${bytes} bytes`,
    )
    .optional();

const id = z.uuid('must be a UUID').transform((value) => value.toLowerCase());

/** An event as a caller of `POST /v1/audit/events` writes it. */
export const AuditEvent = z.strictObject({
  event_id: id.optional(),
  agent_id: text(128),
  action_type: text(128),
  status: text(64),
  result: resultUpTo(maxFieldBytes),
  error: errorUpTo(maxFieldBytes),
  started_at: EventTime.nullish(),
  completed_at: EventTime.nullish(),
  task_id: id.nullish(),
  approval_id: id.nullish(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/**
 * Who wrote an event: the plane itself, or a caller of `POST /v1/audit/events`. What other programs insert is `direct`, which
 * the database says. Null: queued by a release that did not note it.
 */
const auditSources = ['plane', 'http'] as const;

/** An event on its way to the table: with its id and with where it came from, and perhaps redacted. */
export const AuditRow = AuditEvent.extend({
  event_id: z.uuid(),
  result: resultUpTo(maxRedactedResultBytes),
  error: errorUpTo(maxRedactedErrorBytes),
  ip_address: z.string().nullish(),
  user_agent: z.string().max(512).nullish(),
  request_id: z.string().max(128).nullish(),
  source: z.enum(auditSources).nullable().default(null),
});
export type AuditRow = z.infer<typeof AuditRow>;
