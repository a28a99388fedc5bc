import { decisionOf, readCallbackData, type Button } from '../buttons/button.ts';
import type { ButtonMac } from '../buttons/button-mac.ts';
import type { Register, StoredApproval } from '../register.ts';
import { answerText, refusalText, type Refusal } from './answers.ts';
import type { Press } from './press.ts';
import type { PressAnswer, PressRegister } from './press-register.ts';
import { refuse, type Verdict } from './verdict.ts';
import { refusalOfPresser } from './who-presses.ts';

export interface JudgeDeps {
  register: Pick<Register, 'read' | 'forgetCard'>;
  presses: PressRegister;
  mac: ButtonMac;
  access: { approverIds: ReadonlySet<number>; chatIds: ReadonlySet<string> };
}

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
 * Checked here: who, in which chat, and that the button is one of ours for this approval, chat and payload. Checked in the
 * transaction: the message, the state, the clock, the digest, the second press, and that the update is a new one.
 *
 * @throws UnavailableError when the database is unavailable
 */
export function createPressJudge(deps: JudgeDeps): (press: Press) => Promise<Verdict> {
  const { register, presses, mac, access } = deps;

  async function refused(press: Press, refusal: Refusal, id?: string): Promise<Verdict> {
    await record(press, refusal, id);
    return refuse(refusalText[refusal]);
  }

  /** False when this update was seen before. */
  function record(press: Press, refusal: Refusal, id?: string): Promise<boolean> {
    return presses.refused(press.updateId, actorOf(press), {
      refused: refusal,
      user_id: press.userId,
      ...(press.message && { chat_id: press.message.chatId, message_id: press.message.messageId }),
      ...(id !== undefined && { approval_id: id }),
    });
  }

  async function examine(press: Press): Promise<GenuinePress | Verdict> {
    const presser = refusalOfPresser(press, access);
    if (presser !== undefined || !press.message) return refused(press, presser ?? 'no_message');
    const { chatId, messageId, accessible, hasButton } = press.message;
    const read = press.data === undefined ? undefined : readCallbackData(press.data);
    if (!read) return refused(press, 'unreadable');
    const { button } = read;
    const stored = await register.read(button.id);
    if (!stored) return refused(press, 'unknown_approval', button.id);
    const actionDigest = stored.approval.action_digest;
    if (actionDigest === null || !mac.fits(read.mac, button, { chatId, actionDigest })) {
      return refused(press, 'forged', button.id);
    }
    if (!accessible) {
      // Nobody can say what the person has seen there; another card is due as soon as this one is forgotten.
      await register.forgetCard(button.id, messageId);
      return { ...(await refused(press, 'too_old', button.id)), changed: button.id };
    }
    // A yes is one for now; a no is welcome whenever it comes.
    if (press.late && decisionOf[button.step] === 'approved') {
      const first = await record(press, 'late', button.id);
      return first ? refuse(refusalText.late) : verdictOnSeen(stored);
    }
    return { button, chatId, messageId, hasButton, actionDigest, stored };
  }

  function take(press: Press, genuine: GenuinePress): Promise<PressAnswer> {
    const { button, chatId, messageId, actionDigest } = genuine;
    const recorded = { id: button.id, actor: actorOf(press), updateId: press.updateId };
    const decision = decisionOf[button.step];
    if (decision === 'none') return presses.takeBack(recorded);
    const confirmed = button.step === 'confirm';
    return presses.press({ ...recorded, decision, confirmed, actionDigest, chatId, messageId });
  }

  return async (press) => {
    const genuine = await examine(press);
    if ('text' in genuine) return genuine;
    const answer = await take(press, genuine);
    return verdictOn(answer, genuine);
  };
}

// It was counted, or refused, by somebody who could not answer any more.
function verdictOnSeen({ approval }: StoredApproval): Verdict {
  return { text: answerText({ result: 'duplicate', approval }), alert: false, changed: approval.id };
}

const actorOf = ({ userId }: Press) => `telegram:${userId}`;

function verdictOn(answer: PressAnswer, press: GenuinePress): Verdict {
  const { button, chatId, actionDigest } = press;
  const { id } = button;
  const text = answerText(answer);
  const buttons = (kind: 'decide' | 'confirm') => ({ buttons: { kind, id, chatId, actionDigest } });
  switch (answer.result) {
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
function onOtherMessage({ stored, chatId, messageId, hasButton }: GenuinePress): Verdict {
  const newer = stored.message_id;
  if (newer !== null && stored.chat_id !== chatId) return refuse(refusalText.elsewhere);
  if (newer === null || messageId > newer) return refuse(refusalText.not_yet);
  // Under a message that has no such button it was forged, and that message may be the card of something else.
  return { ...refuse(refusalText.older_copy), ...(hasButton && { newerMessageId: newer }) };
}
