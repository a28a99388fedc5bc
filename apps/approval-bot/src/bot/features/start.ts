import { Composer, type CommandContext, type Context } from 'grammy';
import { replyText } from '../../telegram/reply.ts';
import type { Access } from '../access.ts';
import { createAnswerQuota } from '../answer-quota.ts';
import { greetingText } from '../greeting.ts';

export interface StartDeps {
  access: Access;
  /** Whether somebody on the list may act, in whatever chat they write. */
  mayAnywhere: (ctx: Context) => Promise<boolean>;
  /** This chat needs no other greeting. */
  greeted: (chatId: string) => Promise<void>;
  now: () => number;
}

// Tried in a private chat and in groups, by whoever sets this up.
const answersAnHour = 10;
const nameLength = 64;

/**
 * `/start`: who somebody is for Telegram, and what to set. For approvers in any chat, and for everybody as long as nobody is on the list:
 * the numbers are needed before anybody can be on it. Others are refused as for any command.
 */
export function startFeature({ access, mayAnywhere, greeted, now }: StartDeps): Composer<Context> {
  const feature = new Composer();
  const mayAnswer = createAnswerQuota({ answers: answersAnHour, now });
  feature.command('start', async (ctx, next) => {
    const isEmpty = access.approverIds.size === 0;
    const isListed = !isEmpty && (await mayAnywhere(ctx));
    if (!isListed && !isEmpty) return next();
    if (!isListed && !mayAnswer(ctx.msg.from?.id ?? ctx.chat.id)) return;
    const chatId = access.chatId;
    await replyText(
      ctx,
      greetingText({
        person: personOf(ctx),
        chat: { id: ctx.chat.id, isPrivate: ctx.chat.type === 'private' },
        listed: isListed ? 'yes' : 'empty',
        isAlertChat: chatId === undefined || !isListed ? undefined : chatId === ctx.chat.id,
      }),
    );
    await greeted(String(ctx.chat.id));
  });
  return feature;
}

function personOf({ msg }: CommandContext<Context>): { id: number; name: string } | undefined {
  const { from, sender_chat } = msg;
  if (from === undefined || from.is_bot || sender_chat !== undefined) return undefined;
  return { id: from.id, name: from.first_name.replaceAll(/\s+/g, ' ').slice(0, nameLength).toWellFormed() };
}
