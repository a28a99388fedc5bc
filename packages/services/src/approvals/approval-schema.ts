import { z } from 'zod';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** The status of an approval; `packages/shared/src/approvals/state.ts` has how it changes. */
export const ApprovalStatus = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']);
export type ApprovalStatus = z.output<typeof ApprovalStatus>;

/** An approval as the database returns it and as callers see it: times in UTC with milliseconds. */
export const Approval = z.object({
  id: z.uuid(),
  status: ApprovalStatus,
  action: z.string(),
  details: z.record(z.string(), z.unknown()),
  requested_by: z.string(),
  /** Who asked; with source `direct` whom the program that inserted it has named. */
  agent_id: z.string(),
  /** `http`: over the API. `direct`: inserted by another program. Null: before it was noted. */
  source: z.enum(['plane', 'http', 'direct']).nullable(),
  reason: z.string().nullable(),
  action_digest: z.string().nullable(),
  policy_version: z.string().nullable(),
  critical: z.boolean(),
  approvers: z.int(),
  approvals: z.int(),
  expires_at: Time,
  created_at: Time,
  decided_by: z.string().nullable(),
  /** The name of the operator behind `decided_by`, where there is one. */
  decided_by_name: z.string().nullable(),
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

/** The result of a SQL function that changes an approval. */
export const ApprovalResult = z.object({
  result: z.string(),
  approval: Approval.optional(),
  grant_id: z.string().optional(),
  redeemed_at: Time.optional(),
  traceparent: z.string().nullish(),
});
