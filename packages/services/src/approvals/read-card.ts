import { AppError } from '@actp/shared/errors';
import type { Db } from '@actp/db/client';
import type { ApprovalHead } from './approval-head.ts';
import { renderPlainCard, renderPlainOutcome } from './card/card.ts';
import { createApprovalCardStore, isAskable } from './card-store.ts';

export interface PlainCard {
  approval: ApprovalHead;
  /** What people see of it, as plain text in which nothing is invisible and no secret stands. */
  card: string;
  /** Whether it can be decided, and all of it is shown: then Approve may be offered. */
  approvable: boolean;
}

/**
 * The card of an approval for people without Telegram, or what became of it when it is over.
 *
 * @param timeZone IANA name, for the times on it
 * @throws AppError `not_found`
 */
export async function readPlainCard(db: Db, id: string, timeZone: string): Promise<PlainCard> {
  const stored = await createApprovalCardStore(db).read(id);
  if (stored === undefined) throw new AppError('not_found', 'no such approval');
  const facts = { ...stored, timeZone };
  const { approval } = stored;
  if (!isAskable(stored)) return { approval, card: renderPlainOutcome(facts), approvable: false };
  const { text, approvable } = renderPlainCard(facts);
  return { approval, card: text, approvable };
}
