import { Composer, InlineKeyboard, type Context } from 'grammy';
import { isPending, type ApprovalCardStore, type StoredApproval } from '@actp/services/approvals/card-store';
import type { ReplyStore } from '@actp/services/approvals/reject-by-reply';
import { PlaneHeldError, UnavailableError } from '@actp/shared/errors';
import { refusalText } from '../../approvals/press/reply-texts.ts';
import type { Logger } from '@actp/shared/log';
import type { ButtonMac } from '../../approvals/buttons/button-mac.ts';
import type { CardChats } from '../../approvals/card-sender/card-chats.ts';
import type { ChangeSignal } from '../../approvals/change-signal.ts';
import { readReply } from '../../approvals/reply/reason-of-reply.ts';
import { writeReasonButton } from '../../approvals/reply/reason-button.ts';
import {
  noReason,
  reasonQuestion,
  replyAnswer,
  replyUnavailable,
} from '../../approvals/reply/reply-answers.ts';
import { messageText } from '../../telegram/message-text.ts';
import { replyText } from '../../telegram/reply.ts';
import { commandOf } from '../command-text.ts';

export interface ReplyDeps {
  cards: Pick<ApprovalCardStore, 'read'>;
  replies: ReplyStore;
  mac: ButtonMac;
  chats: Pick<CardChats, 'known'>;
  signal: Pick<ChangeSignal, 'changed'>;
  /** Whether somebody on the list may act, in whatever chat they write. */
  mayAnywhere: (ctx: Context) => Promise<boolean>;
  log: Logger;
}

/**
 * Replies to cards: the reason of a rejection. Text that begins with "reject" decides, any other text asks with a button first: what
 * people write below a card is often a remark. No reply approves.
 */
export function replyFeature(deps: ReplyDeps): Composer<Context> {
  const feature = new Composer();
  feature.on('message:text', async (ctx, next) => {
    const card = ctx.msg.reply_to_message;
    const command = commandOf(ctx.msg);
    const isOther = command !== undefined && !readReply(command).rejects;
    if (card?.from?.id !== ctx.me.id || isOther || !deps.chats.known().has(String(ctx.chat.id)))
      return next();
    if (!(await deps.mayAnywhere(ctx))) return next();
    try {
      if (!(await onReply(deps, ctx, card.message_id, ctx.msg.text))) await next();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      await replyText(ctx, error instanceof PlaneHeldError ? refusalText.held : replyUnavailable);
    }
  });
  return feature;
}

/** False when it is no reply to a card that anything can be said about. */
async function onReply(deps: ReplyDeps, ctx: Context, messageId: number, text: string): Promise<boolean> {
  const { cards, replies, signal } = deps;
  const chatId = String(ctx.chat?.id);
  const id = await replies.find(chatId, messageId);
  const stored = id === undefined ? undefined : await cards.read(id);
  const actionDigest = stored?.approval.action_digest;
  if (id === undefined || !stored || typeof actionDigest !== 'string') return false;
  const { rejects, reason } = readReply(text);
  const wanted = rejects || isPending(stored) || isRejectedWithoutReason(stored);
  if (!wanted) return false;
  if (reason === '') {
    await replyText(ctx, noReason);
    return true;
  }
  if (isPending(stored) && !rejects) {
    await askToReject(deps, ctx, { id, actionDigest, chatId, reason });
    return true;
  }
  const actor = `telegram:${ctx.from?.id}`;
  const updateId = ctx.update.update_id;
  const outcome = await replies.reject({ id, reason, actionDigest, actor, updateId, chatId, messageId });
  signal.changed(id);
  await replyText(ctx, replyAnswer(outcome, reason));
  return true;
}

const isRejectedWithoutReason = ({ approval }: StoredApproval) =>
  approval.status === 'rejected' && approval.decision_reason === null;

async function askToReject(
  { mac }: ReplyDeps,
  ctx: Context,
  asked: { id: string; actionDigest: string; chatId: string; reason: string },
): Promise<void> {
  const { id, actionDigest, chatId, reason } = asked;
  const keyboard = new InlineKeyboard().text(
    '❌ Reject with this reason',
    writeReasonButton(id, { chatId, actionDigest }, mac),
  );
  await ctx.reply(messageText(reasonQuestion(reason)), {
    reply_markup: keyboard,
    link_preview_options: { is_disabled: true },
    // The press finds the reason in it.
    reply_parameters: { message_id: ctx.msgId ?? 0 },
  });
}
