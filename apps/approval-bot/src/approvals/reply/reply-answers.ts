import { pressReplyText } from '../press/reply-texts.ts';
import type { PressOutcome } from '@actp/services/approvals/press-store';
import { maxDecisionReason } from '@actp/services/approvals/reject-by-reply';

const shownOfReason = 300;

/** The question after a reply that does not say by itself that it rejects. */
export function reasonQuestion(reason: string): string {
  const shown = reason.length <= shownOfReason ? reason : `${reason.slice(0, shownOfReason).toWellFormed()}…`;
  return `Nothing is decided yet. Reject with this reason?\n“${shown}”\nTo reject at once, begin your reply with “reject:”. A reply never approves.`;
}

export const noReason =
  'Nothing is decided. Reply with “reject:” and the reason, or press Reject below the card.';
export const replyUnavailable =
  'The database is unavailable, so this could not be recorded. If the card does not change, nothing was decided: try again.';

/** What somebody is told who replied to a card. */
export function replyAnswer(outcome: PressOutcome, reason: string): string {
  const { result, approval } = outcome;
  const cut =
    reason.length > maxDecisionReason
      ? ` The first ${maxDecisionReason} characters of the reason are kept.`
      : '';
  if (result === 'reason_noted') return `Your reason is recorded.${cut}`;
  if (result === 'decided') return `❌ Rejected, with your reason.${cut}`;
  if (result === 'already_decided' && approval?.status === 'rejected') {
    return approval.decision_reason === null
      ? 'Somebody else has rejected this, so the reason is theirs to give. Nothing has changed.'
      : 'This rejection has a reason already. Nothing has changed.';
  }
  return pressReplyText(outcome);
}
