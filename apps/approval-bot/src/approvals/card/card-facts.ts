import type { ApprovalHead } from '@actp/services/approvals/approval-head';

/** Everything that a card shows. */
export interface CardFacts {
  approval: ApprovalHead;
  /** The details as JSON text, digit by digit. */
  details: string;
  /** The database's time. */
  now: string;
  /** IANA name. */
  timeZone: string;
}

/** The first part of an id: enough for people to tell approvals apart. */
export const shortId = (id: string): string => id.slice(0, 8);
