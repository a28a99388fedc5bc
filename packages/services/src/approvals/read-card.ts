import { AppError } from '@actp/shared/errors';
import type { Db } from '@actp/db/client';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import type { ApprovalHead } from './approval-head.ts';
import { renderPlainCard, renderPlainOutcome } from './card/card.ts';
import { createApprovalCardStore, isAskable } from './card-store.ts';
import { checkStored } from './check-stored.ts';

export interface PlainCard {
  approval: ApprovalHead;
  /** What people see of it, as plain text in which nothing is invisible and no secret stands. */
  card: string;
  /** Whether it can be decided, and all of it is shown: then Approve may be offered. */
  approvable: boolean;
}

/**
 * The card of an approval for people without Telegram, or what became of it when it is over. While it waits, what the policy in force says of
 * it counts where that is stricter than what was said when it was asked for.
 *
 * @param timeZone IANA name, for the times on it
 * @throws AppError `not_found`
 */
export async function readPlainCard(
  deps: { db: Db; policy: () => LoadedPolicy },
  id: string,
  timeZone: string,
): Promise<PlainCard> {
  const stored = await createApprovalCardStore(deps.db).read(id);
  if (stored === undefined) throw new AppError('not_found', 'no such approval');
  const facts = { ...stored, timeZone };
  const { approval } = stored;
  if (!isAskable(stored)) return { approval, card: renderPlainOutcome(facts), approvable: false };
  const check = await checkStored(deps, id);
  const inForce = {
    ...approval,
    critical: approval.critical || check?.critical === true,
    approvers: Math.max(approval.approvers, check?.approvers ?? 1),
  };
  const { text, approvable } = renderPlainCard({ ...facts, approval: inForce });
  return { approval: inForce, card: text, approvable };
}
