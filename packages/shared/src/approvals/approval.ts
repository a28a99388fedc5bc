import { z } from 'zod';

// Postgres writes microseconds and an offset; callers get what JavaScript writes.
const Time = z.string().transform((text) => new Date(text).toISOString());

/** An approval as the database gives it, on its way to a person or to who asked: times in UTC with milliseconds. */
export const Approval = z.object({
  id: z.uuid(),
  status: z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']),
  action: z.string(),
  details: z.record(z.string(), z.unknown()),
  requested_by: z.string(),
  reason: z.string().nullable(),
  action_digest: z.string().nullable(),
  policy_version: z.string().nullable(),
  critical: z.boolean(),
  approvers: z.int(),
  approvals: z.int(),
  expires_at: Time,
  created_at: Time,
  decided_by: z.string().nullable(),
  decided_at: Time.nullable(),
  decision_reason: z.string().nullable(),
  grant_expires_at: Time.nullable(),
  redeemed_at: Time.nullable(),
  lapsed_at: Time.nullable(),
  outcome: z.enum(['succeeded', 'failed', 'unknown']).nullable(),
  outcome_at: Time.nullable(),
  version: z.int(),
});
export type Approval = z.output<typeof Approval>;
