import type { Context } from 'grammy';
import type { Access } from '../access.ts';

/**
 * Whether a message comes from a person on the list, in their private chat with the bot or in the configured chat.
 * Bots and anonymous administrators (who write as the chat) are nobody, whatever id they show.
 */
export function mayCommand(access: Access): (ctx: Context) => boolean {
  const isOnList = isApprover(access);
  return (ctx) => {
    const { msg } = ctx;
    if (!msg || !isOnList(ctx)) return false;
    // Asked for each message: a group can become a supergroup of another id.
    return msg.chat.type === 'private' ? msg.chat.id === msg.from?.id : msg.chat.id === access.chatId;
  };
}

/** Whether a message comes from a person on the list, in whatever chat. */
export function isApprover(access: Access): (ctx: Context) => boolean {
  return ({ msg }) => {
    const from = msg?.from;
    if (!msg || !from || from.is_bot || msg.sender_chat) return false;
    return access.approverIds.has(from.id);
  };
}
