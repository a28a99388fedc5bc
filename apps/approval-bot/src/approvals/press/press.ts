import type { CallbackQuery, InlineKeyboardMarkup } from 'grammy/types';

/** A pressed button, as far as we look at it. All of it but the user and the chat is the client's word. */
export interface Press {
  updateId: number;
  userId: number;
  isBot: boolean;
  /** Missing when the button is under no message of ours in a chat (an inline message). */
  message: PressedMessage | undefined;
  data: string | undefined;
  /** It had waited for nobody knows how long. */
  late: boolean;
}

interface PressedMessage {
  chatId: string;
  messageId: number;
  /** False when it was deleted or is too old to be looked at. */
  accessible: boolean;
  /** Whether Telegram, too, says that this message has the button. */
  hasButton: boolean;
}

export function pressOf(updateId: number, { from, message, data }: CallbackQuery, late: boolean): Press {
  return {
    updateId,
    userId: from.id,
    isBot: from.is_bot,
    message: message && {
      chatId: String(message.chat.id),
      messageId: message.message_id,
      // Telegram's mark of such a message.
      accessible: message.date !== 0,
      hasButton: 'reply_markup' in message && hasButton(message.reply_markup, data),
    },
    data,
    late,
  };
}

function hasButton(markup: InlineKeyboardMarkup | undefined, data: string | undefined): boolean {
  const buttons = markup?.inline_keyboard.flat() ?? [];
  return buttons.some((button) => 'callback_data' in button && button.callback_data === data);
}
