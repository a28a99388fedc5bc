import type { z } from 'zod';
import { Approval } from '@actp/shared/approvals/approval';

/** An approval without its details, which the bot reads as text (see exact-json.ts). */
export const ApprovalHead = Approval.omit({ details: true });
export type ApprovalHead = z.output<typeof ApprovalHead>;

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
