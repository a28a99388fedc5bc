import type { Context } from 'grammy';
import type { Access } from '../access.ts';

/**
 * Whether a message comes from a person on the list, in their private chat with the bot or in the configured chat.
 * Bots and anonymous administrators (who write as the chat) are nobody, whatever id they show.
 */
export function mayCommand(access: Access): (ctx: Context) => boolean {
  return ({ msg }) => {
    // Asked for each message: a group can become a supergroup of another id.
    const { approverIds, chatId } = access;
    const from = msg?.from;
    if (!msg || !from || from.is_bot || msg.sender_chat) return false;
    const here = msg.chat.type === 'private' ? msg.chat.id === from.id : msg.chat.id === chatId;
    return here && approverIds.has(from.id);
  };
}
