import { z } from 'zod';

const Time = z.string().transform((text) => new Date(text).toISOString());

export const FindingState = z.enum(['open', 'fixed', 'accepted']);
export const FindingSeverity = z.enum(['critical', 'high', 'medium', 'low']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

/** A finding as it is stored. */
export const StoredFinding = z.object({
  id: z.uuid(),
  project: z.string(),
  kind: z.string(),
  severity: FindingSeverity,
  package: z.string().nullable(),
  version: z.string().nullable(),
  path: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
  state: FindingState,
  first_seen_at: Time,
  last_seen_at: Time,
});
export type StoredFinding = z.infer<typeof StoredFinding>;

/** The last look of one source at one project. */
export const StoredReview = z.object({
  project: z.string(),
  source: z.string(),
  verdict: z.enum(['clean', 'findings', 'unavailable']),
  reason: z.string().nullable(),
  finished_at: Time,
});
export type StoredReview = z.infer<typeof StoredReview>;
