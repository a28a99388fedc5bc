import { Composer, type Context } from 'grammy';
import { PlaneHeldError, UnavailableError } from '@actp/shared/errors';
import { authorizePress } from '../../approvals/press/authorize-press.ts';
import { pressOf } from '../../approvals/press/press.ts';
import { refusalText } from '../../approvals/press/reply-texts.ts';
import { readReply } from '../../approvals/reply/reason-of-reply.ts';
import { readReasonButton } from '../../approvals/reply/reason-button.ts';
import { replyAnswer, replyUnavailable } from '../../approvals/reply/reply-answers.ts';
import type { PressStore } from '@actp/services/approvals/press-store';
import type { Access } from '../access.ts';
import type { ReplyDeps } from './reply.ts';

export interface ReasonPressDeps extends ReplyDeps {
  access: Pick<Access, 'approverIds'>;
  presses: Pick<PressStore, 'recordRefused'>;
}

/** What the pressing user is told: of the reply above the button as well. */
const refusals = {
  ...refusalText,
  no_reply: 'The reply with the reason is gone. Nothing was decided. Reply to the card again.',
  not_yours: 'Someone else wrote this reason. Nothing was decided. Reply to the card yourself.',
};
const maxAnswer = 200;

/** The button below the question whether a reply rejects: whoever wrote the reply rejects with its words. */
export function reasonPressFeature(deps: ReasonPressDeps): Composer<Context> {
  const feature = new Composer();
  feature.on('callback_query:data', async (ctx, next) => {
    const button = readReasonButton(ctx.callbackQuery.data);
    if (!button) return next();
    const answer = await press(deps, ctx, button).catch((error: unknown) => {
      deps.log.error({ user_id: ctx.from.id, err: error }, 'recording a rejection failed');
      return {
        text:
          error instanceof PlaneHeldError
            ? refusalText.held
            : error instanceof UnavailableError
              ? replyUnavailable
              : refusalText.unavailable,
        over: false,
      };
    });
    try {
      await ctx.answerCallbackQuery({ text: answer.text.slice(0, maxAnswer), show_alert: !answer.over });
      if (answer.over)
        await ctx.editMessageText(answer.text, { link_preview_options: { is_disabled: true } });
    } catch (error) {
      deps.log.warn({ user_id: ctx.from.id, err: error }, 'replying to a press failed');
    }
  });
  return feature;
}

async function press(
  { cards, replies, presses, mac, chats, signal, access }: ReasonPressDeps,
  ctx: Context & { callbackQuery: NonNullable<Context['callbackQuery']> },
  { id, mac: given }: { id: string; mac: Buffer },
): Promise<{ text: string; over: boolean }> {
  const updateId = ctx.update.update_id;
  const pressed = pressOf(updateId, ctx.callbackQuery, false);
  const actor = `telegram:${pressed.userId}`;
  const refused = async (refusal: keyof typeof refusals) => {
    await presses.recordRefused(updateId, actor, {
      refused: refusal,
      user_id: pressed.userId,
      approval_id: id,
    });
    return { text: refusals[refusal], over: false };
  };
  const denied = authorizePress(pressed, { approverIds: access.approverIds, chatIds: chats.known() });
  if (denied !== undefined || !pressed.message) return refused(denied ?? 'no_message');
  const { chatId } = pressed.message;
  const stored = await cards.read(id);
  const actionDigest = stored?.approval.action_digest ?? null;
  if (!stored) return refused('unknown_approval');
  if (actionDigest === null || !mac.fits(given, { id, step: 'reject' }, { chatId, actionDigest })) {
    return refused('forged');
  }
  const said = ctx.callbackQuery.message?.reply_to_message;
  if (said?.text === undefined) return refused('no_reply');
  if (said.from?.id !== pressed.userId || said.sender_chat) return refused('not_yours');
  const { reason } = readReply(said.text);
  // The question stands in the chat of the card; which message is the card now is for the transaction to compare.
  const messageId = stored.message_id ?? 0;
  const outcome = await replies.reject({ id, reason, actionDigest, actor, updateId, chatId, messageId });
  signal.changed(id);
  return { text: replyAnswer(outcome, reason), over: true };
}
