import type { Context } from 'grammy';
import { messageText } from './message-text.ts';

/** Answers a command, below it, as plain text. */
export async function replyText(ctx: Context, text: string): Promise<void> {
  const to = ctx.msgId;
  await ctx.reply(messageText(text), {
    link_preview_options: { is_disabled: true },
    ...(to === undefined ? {} : { reply_parameters: { message_id: to, allow_sending_without_reply: true } }),
  });
}
