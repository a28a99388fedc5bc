import { stateOf } from '@actp/shared/approvals/state';
import type { PressOutcome } from '@actp/services/approvals/press-store';

/** Why a press did not even reach the approval. */
export type Refusal =
  | 'not_a_person'
  | 'stranger'
  | 'no_message'
  | 'other_chat'
  | 'unreadable'
  | 'unknown_approval'
  | 'forged'
  | 'too_old'
  | 'late';

/** What the pressing user is told, and what to do. */
export const refusalText: Record<Refusal | 'older_copy' | 'elsewhere' | 'not_yet' | 'unavailable', string> = {
  not_a_person: 'Only a person decides here: press as yourself, not anonymously and not as a channel.',
  stranger: 'You may not decide here. Whoever runs this plane can add your user id to TELEGRAM_APPROVER_IDS.',
  no_message: 'This button belongs to no card. Decide on the card in its chat.',
  other_chat: 'Nothing is decided in this chat. Decide on the card where it was sent.',
  unreadable: 'This button is not known here. Nothing was decided. /pending lists what waits.',
  unknown_approval: 'There is no such approval. Nothing was decided. /pending lists what waits.',
  forged:
    'This button does not belong to this card, chat or payload. Nothing was decided. /pending lists what waits.',
  too_old: 'This card is too old or gone. Nothing was decided. If it still waits, a new card comes now.',
  late: 'You pressed while nobody listened, maybe long ago. Nothing was decided. If you still mean it, press again.',
  older_copy: 'This is an older copy of the card. Nothing was decided. Press on the newer one.',
  elsewhere: 'This card is now in another chat. Nothing was decided. Decide on the newer card there.',
  not_yet:
    'This card is not ready yet. Nothing was decided. Press again in a moment, or on an earlier copy of it.',
  unavailable:
    'The database is unavailable, so this could not be recorded. If the card stays as it is, nothing was decided: press again.',
};

// Room for an address and a sentence within Telegram's 200 characters.
const actorLength = 80;

/** What the pressing user is told about the outcome of a press. */
export function pressReplyText({ result, approval }: PressOutcome): string {
  switch (result) {
    case 'decided':
      return approval?.status === 'approved' ? '✅ Approved.' : '❌ Rejected.';
    case 'needs_more':
      return `Your approval counts: ${approval?.approvals} of ${approval?.approvers}. Another person has to approve too.`;
    case 'duplicate':
      return `This was counted before. It is ${stateText(approval)}.`;
    case 'confirm':
      return 'This is critical: press “Really approve” within 60 seconds. Nothing is decided yet.';
    case 'taken_back':
      return 'Nothing was decided.';
    case 'confirm_expired':
      return 'Your first press is too long ago. Nothing was decided. Press Approve again, then confirm within 60 seconds.';
    case 'not_yours':
      return 'Somebody else pressed Approve. Nothing was decided. To approve yourself: press Back, Approve, then confirm.';
    case 'already_decided':
      return `Too late: it is ${stateText(approval)}. Nothing has changed.`;
    case 'expired':
      return 'Too late: its time is over, which counts as rejected. Nothing has changed.';
    case 'kill_switch':
      return 'An operator has stopped this. Nothing was decided, nothing has changed. /resume shows what is stopped.';
    case 'digest_mismatch':
      return 'What waits is not what this card shows. Nothing was decided. /pending lists what waits.';
    case 'own_request':
      return 'The requester cannot decide. Nothing was decided. Another approver has to.';
    default:
      return 'There is no such approval any more. Nothing was decided.';
  }
}

function stateText(approval: PressOutcome['approval']): string {
  if (!approval) return 'unknown here';
  const state = stateOf(approval);
  if (state === 'pending') return `waiting (${approval.approvals} of ${approval.approvers} approvals)`;
  const by = approval.decided_by === null ? '' : ` by ${approval.decided_by.slice(0, actorLength)}`;
  return `${approval.status}${by}${state === approval.status ? '' : `, ${state}`}`;
}
