import { Composer, type Context } from 'grammy';
import type { LinkOutcome, TelegramLinks } from '@actp/services/operators/telegram-links';
import { UnavailableError } from '@actp/shared/errors';
import { replyText } from '../../telegram/reply.ts';

const usage =
  'Send /link and your code here, in this private chat. You get a code from POST /v1/operators/{id}/telegram-code.';

/** `/link <code>`: from now on this Telegram id counts as the operator who asked for the code. */
export function linkFeature({ links }: { links: Pick<TelegramLinks, 'link'> }): Composer<Context> {
  const feature = new Composer();
  feature.command('link', async (ctx) => {
    const code = ctx.match.trim();
    const from = ctx.msg.from;
    if (code === '' || !from) return replyText(ctx, usage);
    const isPrivate = ctx.chat.type === 'private';
    try {
      const outcome = await links.link({
        telegramId: from.id,
        code: code.slice(0, 100),
        isPrivate,
        updateId: ctx.update.update_id,
      });
      if (outcome.result !== 'duplicate') await replyText(ctx, linkReplyText(outcome));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      await replyText(ctx, 'The database is unavailable. Nothing has changed. Try again later.');
    }
  });
  return feature;
}

function linkReplyText({ result, name }: LinkOutcome): string {
  switch (result) {
    case 'linked':
      return `Linked. Here and over HTTP you are one person now: ${name ?? 'an operator'}.`;
    case 'not_private':
      return 'Others can read this chat: the code is void. Get another one, and send it in a private chat with this bot.';
    case 'taken':
      return 'This Telegram id is linked to another operator, who has to end that first. The code is void.';
    case 'too_many':
      return 'Too many wrong codes. Try again in 15 minutes.';
    case 'wrong':
    case 'duplicate':
      return 'This code is wrong, used or more than 10 minutes old. Get another one.';
  }
}
