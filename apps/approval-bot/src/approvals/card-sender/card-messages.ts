import type { Api } from 'grammy';
import type { InlineKeyboardMarkup } from 'grammy/types';
import type { ChatMoves } from '../../telegram/chat-moves.ts';
import { failureOf, type Failure } from '../../telegram/failure.ts';

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
}

const style = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

// An unclear refusal too: the message that is sent instead shows whether it is the chat's.
const goneFor: ReadonlySet<Failure['kind']> = new Set(['gone', 'moved', 'unclear']);

/** Messages of ours in Telegram: HTML, without previews. Failures throw as the Bot API client throws them. */
export function createCardMessages({ api, moves }: { api: Api; moves: ChatMoves }): CardMessages {
  return {
    async send(chatId, html, { keyboard, replyTo } = {}) {
      try {
        const sent = await api.sendMessage(Number(chatId), html, {
          ...style,
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
          ...(replyTo === undefined
            ? {}
            : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
        });
        moves.confirmed(chatId);
        return sent.message_id;
      } catch (error) {
        moves.failed(chatId);
        throw error;
      }
    },
    async edit(chatId, messageId, html, keyboard) {
      try {
        await api.editMessageText(Number(chatId), messageId, html, {
          ...style,
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
        });
        return 'edited';
      } catch (error) {
        const failure = failureOf(error);
        // What stands in a group that has become a supergroup cannot be changed any more.
        if (failure.kind === 'moved') moves.moved(failure.from, failure.to);
        if (goneFor.has(failure.kind)) return 'gone';
        throw error;
      }
    },
  };
}
