import type { CallbackQuery } from 'grammy/types';

/** A pressed button, as far as we look at it. All of it but the user and the chat is the client's word. */
export interface Press {
  updateId: number;
  userId: number;
  isBot: boolean;
  /** Missing when the button is under no message of ours in a chat (an inline message). */
  message: { chatId: string; messageId: number; accessible: boolean } | undefined;
  data: string | undefined;
}

export function pressOf(updateId: number, { from, message, data }: CallbackQuery): Press {
  return {
    updateId,
    userId: from.id,
    isBot: from.is_bot,
    message: message && {
      chatId: String(message.chat.id),
      messageId: message.message_id,
      // Telegram's mark of a message that was deleted or is too old to be looked at.
      accessible: message.date !== 0,
    },
    data,
  };
}
