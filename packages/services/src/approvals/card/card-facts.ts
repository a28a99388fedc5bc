import type { ApprovalHead } from '../approval-head.ts';

/** Everything that a card shows. */
export interface CardFacts {
  approval: ApprovalHead;
  /** The details as JSON text, digit by digit. */
  details: string;
  /** JSON in the order in which they were sent; null when nobody knows it. */
  details_order: string | null;
  /** What was reported with a failure; null otherwise. */
  outcome_result?: unknown;
  /** The database's time. */
  now: string;
  /** IANA name. */
  timeZone: string;
}

/** The first part of an id: enough for people to tell approvals apart. */
export const shortId = (id: string): string => id.slice(0, 8);
