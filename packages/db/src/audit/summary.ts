import { z } from 'zod';

/** What `audit_summary` gives. Errors are events with the status `error`, `failed` or `failure`. */
export const AuditSummary = z.object({
  since: z.string(),
  until: z.string(),
  events: z.int(),
  top_actions: z.array(z.object({ action_type: z.string(), count: z.int() })),
  /** How many events each wrote; `unknown`: from before it was noted. */
  by_source: z.object({ plane: z.int(), http: z.int(), direct: z.int(), unknown: z.int() }),
  /** Events with action types of the plane's that it did not write; no other number holds them. */
  not_counted: z.int(),
  errors: z.int(),
  denied: z.int(),
  unique_actors: z.int(),
  approvals: z.object({ requested: z.int(), approved: z.int(), rejected: z.int(), expired: z.int() }),
  security_events: z.int(),
});
export type AuditSummary = z.infer<typeof AuditSummary>;
