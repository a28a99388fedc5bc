import { setTimeout as delay } from 'node:timers/promises';
import { renderCard } from '@actp/services/approvals/card/card';
import { decisionOf, readCallbackData, type Button } from '../buttons/button.ts';
import type { ButtonMac } from '../buttons/button-mac.ts';
import { isAskable, type ApprovalCardStore, type StoredApproval } from '@actp/services/approvals/card-store';
import { pressReplyText, refusalText, type Refusal } from './reply-texts.ts';
import type { Press } from './press.ts';
import type { PressOutcome, PressStore } from '@actp/services/approvals/press-store';
import { refuse, type PressResult } from './press-result.ts';
import { authorizePress } from './authorize-press.ts';

export interface PressHandlerDeps {
  cards: Pick<ApprovalCardStore, 'read' | 'forgetCard'>;
  presses: PressStore;
  mac: ButtonMac;
  access: { approverIds: ReadonlySet<number>; chatIds: ReadonlySet<string> };
}

// A card can be pressed before Telegram's answer to its sending is in the database; this is how long a press waits for that.
const unrecordedAttempts = 20;
const unrecordedPauseMs = 250;

/** A press that passed every check that can be made before the deciding transaction. */
interface GenuinePress {
  button: Button;
  chatId: string;
  messageId: number;
  hasButton: boolean;
  actionDigest: string;
  stored: StoredApproval;
}

/**
 * Decides on a press, or refuses it; whatever it does is in the database when it returns, with an audit row.
 *
 * Checked here: who, in which chat, that the button is one of ours for this approval, chat and payload, and that the card shows
 * all of what it approves. Checked in the
 * transaction: the message, the state, the clock, the digest, the second press, and that the update is a new one.
 *
 * @throws UnavailableError when the database is unavailable
 */
export function createPressHandler(deps: PressHandlerDeps): (press: Press) => Promise<PressResult> {
  const { cards, presses, mac, access } = deps;

  async function refused(press: Press, refusal: Refusal, id?: string): Promise<PressResult> {
    await record(press, refusal, id);
    return refuse(refusalText[refusal]);
  }

  /** False when this update was seen before. */
  function record(press: Press, refusal: Refusal, id?: string): Promise<boolean> {
    return presses.recordRefused(press.updateId, actorOf(press), {
      refused: refusal,
      user_id: press.userId,
      ...(press.message && { chat_id: press.message.chatId, message_id: press.message.messageId }),
      ...(id !== undefined && { approval_id: id }),
    });
  }

  async function examine(press: Press): Promise<GenuinePress | PressResult> {
    const denied = authorizePress(press, access);
    if (denied !== undefined || !press.message) return refused(press, denied ?? 'no_message');
    const { chatId, messageId, accessible, hasButton } = press.message;
    const read = press.data === undefined ? undefined : readCallbackData(press.data);
    if (!read) return refused(press, 'unreadable');
    const { button } = read;
    const stored = await cards.read(button.id);
    if (!stored) return refused(press, 'unknown_approval', button.id);
    const actionDigest = stored.approval.action_digest;
    if (actionDigest === null || !mac.fits(read.mac, button, { chatId, actionDigest })) {
      return refused(press, 'forged', button.id);
    }
    if (!accessible) {
      // Nobody can say what the person has seen there; another card is due as soon as this one is forgotten.
      await cards.forgetCard(button.id, messageId);
      return { ...(await refused(press, 'too_old', button.id)), changed: button.id };
    }
    // A yes is one for now; a no is welcome whenever it comes.
    if (press.late && decisionOf[button.step] === 'approved') {
      const first = await record(press, 'late', button.id);
      return first ? refuse(refusalText.late) : resultOfRepeat(stored);
    }
    // A card of an earlier release may have had the button all the same. The time zone changes nothing about it.
    if (decisionOf[button.step] === 'approved' && !renderCard({ ...stored, timeZone: 'UTC' }).approvable) {
      return refused(press, 'not_shown', button.id);
    }
    return { button, chatId, messageId, hasButton, actionDigest, stored };
  }

  /** Waits while no message is recorded as the card: one was sent, or nobody could have pressed, so it is about to be. */
  async function whenRecorded(genuine: GenuinePress): Promise<GenuinePress> {
    let { stored } = genuine;
    for (let left = unrecordedAttempts; left > 0 && isUnrecorded(stored); left -= 1) {
      await delay(unrecordedPauseMs);
      stored = (await cards.read(genuine.button.id)) ?? stored;
    }
    return { ...genuine, stored };
  }

  function decide(press: Press, genuine: GenuinePress): Promise<PressOutcome> {
    const { button, chatId, messageId, actionDigest, stored } = genuine;
    const recorded = { id: button.id, actor: actorOf(press), updateId: press.updateId };
    const decision = decisionOf[button.step];
    if (decision === 'none') return presses.withdraw(recorded);
    const confirmed = button.step === 'confirm';
    return presses.press({ ...recorded, decision, confirmed, actionDigest, chatId, messageId, stored });
  }

  return async (press) => {
    const examined = await examine(press);
    if ('text' in examined) return examined;
    const genuine = await whenRecorded(examined);
    return resultOf(await decide(press, genuine), genuine);
  };
}

const isUnrecorded = (stored: StoredApproval) => stored.message_id === null && isAskable(stored);

// It was counted or refused before, by a process that could not reply any more.
function resultOfRepeat({ approval }: StoredApproval): PressResult {
  return { text: pressReplyText({ result: 'duplicate', approval }), alert: false, changed: approval.id };
}

const actorOf = ({ userId }: Press) => `telegram:${userId}`;

function resultOf(outcome: PressOutcome, press: GenuinePress): PressResult {
  const { button, chatId, actionDigest } = press;
  const { id } = button;
  const text = pressReplyText(outcome);
  const buttons = (kind: 'decide' | 'confirm') => ({ buttons: { kind, id, chatId, actionDigest } });
  switch (outcome.result) {
    case 'decided':
    case 'needs_more':
    case 'duplicate':
      // A duplicate too: what should have followed the first one may have been lost with a process.
      return { text, alert: false, changed: id };
    case 'confirm':
      return { text, alert: false, ...buttons('confirm') };
    case 'taken_back':
      return { text, alert: false, ...buttons('decide') };
    case 'confirm_expired':
      return { ...refuse(text), ...buttons('decide') };
    case 'expired':
      return { ...refuse(text), changed: id };
    case 'other_message':
      return onOtherMessage(press);
    default:
      return refuse(text);
  }
}

// Numbers grow within a chat: a card that is newer than the recorded one is just about to be recorded.
function onOtherMessage({ stored, chatId, messageId, hasButton }: GenuinePress): PressResult {
  const newer = stored.message_id;
  if (newer !== null && stored.chat_id !== chatId) return refuse(refusalText.elsewhere);
  if (newer === null || messageId > newer) return refuse(refusalText.not_yet);
  // Under a message that has no such button it was forged, and that message may be the card of something else.
  return { ...refuse(refusalText.older_copy), ...(hasButton && { newerMessageId: newer }) };
}
