import { z } from 'zod';

/** What `audit_summary` gives. Errors are events with the status `error`, `failed` or `failure`. */
export const AuditSummary = z.object({
  since: z.string(),
  until: z.string(),
  events: z.int(),
  top_actions: z.array(z.object({ action_type: z.string(), count: z.int() })),
  errors: z.int(),
  denied: z.int(),
  unique_actors: z.int(),
  approvals: z.object({ requested: z.int(), approved: z.int(), rejected: z.int(), expired: z.int() }),
  security_events: z.int(),
});
export type AuditSummary = z.infer<typeof AuditSummary>;
