import { GrammyError, type Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { isNotModified } from '../../telegram/failure.ts';

export interface CardMessages {
  /** @returns the message's id */
  send(
    chatId: string,
    html: string,
    more?: { keyboard?: InlineKeyboardMarkup; replyTo?: number | undefined },
  ): Promise<number>;
  /** `gone`: there is no such message any more, or it cannot be changed. */
  edit(
    chatId: string,
    messageId: number,
    html: string,
    keyboard?: InlineKeyboardMarkup,
  ): Promise<'edited' | 'gone'>;
  /** Whether the bot knows the chat: tells an unknown chat from a text that Telegram does not take. */
  knowsChat(chatId: string): Promise<boolean>;
}

const style = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

/** Messages of ours in Telegram: HTML, without previews. Failures throw as the Bot API client throws them. */
export function createCardMessages(api: Api): CardMessages {
  return {
    async send(chatId, html, { keyboard, replyTo } = {}) {
      const sent = await api.sendMessage(Number(chatId), html, {
        ...style,
        ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
        ...(replyTo === undefined
          ? {}
          : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
      });
      return sent.message_id;
    },
    async edit(chatId, messageId, html, keyboard) {
      try {
        await api.editMessageText(Number(chatId), messageId, html, {
          ...style,
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
        });
        return 'edited';
      } catch (error) {
        if (isNotModified(error)) return 'edited';
        if (error instanceof GrammyError && error.error_code === 400) return 'gone';
        throw error;
      }
    },
    async knowsChat(chatId) {
      try {
        await api.getChat(Number(chatId));
        return true;
      } catch (error) {
        if (error instanceof GrammyError && error.error_code === 400) return false;
        throw error;
      }
    },
  };
}
