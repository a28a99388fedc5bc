import { stateOf } from '@actp/shared/approvals/state';
import type { PressOutcome } from '@actp/services/approvals/press-store';
import { deciderText } from '@actp/services/approvals/decider-text';

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
  | 'late'
  | 'not_shown';

/** What the pressing user is told, and what to do. */
export const refusalText: Record<
  Refusal | 'older_copy' | 'elsewhere' | 'not_yet' | 'unavailable' | 'no_policy' | 'held',
  string
> = {
  not_a_person: 'Only a person can decide: press as yourself, not anonymously and not as a channel.',
  stranger:
    'You are not authorized to decide here. An administrator can add your user id to TELEGRAM_APPROVER_IDS.',
  no_message: 'This button does not belong to a card. Decide on the card in its chat.',
  other_chat: 'Approvals are not decided in this chat. Decide on the card where it was sent.',
  unreadable: 'Unknown button. Nothing was decided. /pending lists what is waiting.',
  unknown_approval: 'There is no such approval. Nothing was decided. /pending lists what is waiting.',
  forged:
    'This button does not match this card, chat or payload. Nothing was decided. /pending lists what is waiting.',
  too_old:
    'This card is too old or was deleted. Nothing was decided. If the approval is still pending, a new card is on its way.',
  late: 'This button press arrived late. Nothing was decided. If you still mean it, press again.',
  not_shown:
    'This card does not show all of it. Nothing was decided. Decide over the API: POST /v1/approvals/{id}/decision. Reject works here.',
  older_copy: 'This is an older copy of the card. Nothing was decided. Use the newer one.',
  elsewhere: 'This card has moved to another chat. Nothing was decided. Decide on the newer card there.',
  not_yet:
    'This card is not ready yet. Nothing was decided. Press again in a moment, or use an earlier copy.',
  no_policy:
    'The policy file is not valid, so nothing can be approved here. Nothing was decided. Reject works.',
  held: 'An older copy of the database may have been put back, so nothing is decided or released until an administrator has looked: /status.',
  unavailable:
    'The database is unavailable, so this press could not be recorded. If the card does not change, nothing was decided: press again.',
};

// Room for an address and a sentence within Telegram's 200 characters.
const actorLength = 80;

/** What the pressing user is told about the outcome of a press. */
export function pressReplyText({ result, approval }: PressOutcome): string {
  switch (result) {
    case 'decided':
      return approval?.status === 'approved' ? '✅ Approved.' : '❌ Rejected.';
    case 'needs_more':
      return `Your approval is recorded: ${approval?.approvals} of ${approval?.approvers}. Another person must approve too.`;
    case 'duplicate':
      return `Already recorded. It is ${stateText(approval)}.`;
    case 'confirm':
      return 'This is critical: press “Really approve” within 60 seconds. Nothing is decided yet.';
    case 'taken_back':
      return 'Nothing was decided.';
    case 'confirm_expired':
      return 'Your first press was too long ago. Nothing was decided. Press Approve again, then confirm within 60 seconds.';
    case 'not_yours':
      return 'Someone else pressed Approve. Nothing was decided. To approve yourself: press Back, Approve, then confirm.';
    case 'already_decided':
      return `Too late: it is ${stateText(approval)}. Nothing has changed.`;
    case 'expired':
      return 'Too late: it has expired, which counts as rejected. Nothing has changed.';
    case 'kill_switch':
      return 'An operator has stopped this. Nothing was decided. /resume lists what is stopped.';
    case 'policy_denied':
      return 'The policy now denies this, so nobody can approve it. Nothing was decided. You can reject it.';
    case 'digest_mismatch':
      return 'The approval does not match this card. Nothing was decided. /pending lists what is waiting.';
    case 'not_operator':
      return 'Your operator account is disabled or was deleted. Nothing was decided.';
    case 'own_request':
      return 'Requesters cannot decide on their own request. Nothing was decided. Another approver must.';
    default:
      return 'This approval no longer exists. Nothing was decided.';
  }
}

function stateText(approval: PressOutcome['approval']): string {
  if (!approval) return 'unknown here';
  const state = stateOf(approval);
  if (state === 'pending') return `waiting (${approval.approvals} of ${approval.approvers} approvals)`;
  const by = approval.decided_by === null ? '' : ` by ${deciderText(approval).slice(0, actorLength)}`;
  return `${approval.status}${by}${state === approval.status ? '' : `, ${state}`}`;
}
