import type { Api } from 'grammy';
import type { Logger } from '@actp/shared/log';
import type { ChatMoves } from '../telegram/chat-moves.ts';
import { failureOf, type Failure } from '../telegram/failure.ts';
import type { ChatGreeter } from '../telegram/greeter.ts';
import { cleanMessage, messageText } from '../telegram/message-text.ts';

/** A text for people, and the message that shows it already, if one does. */
interface OutgoingText {
  body: string;
  /** Null when it was never sent. */
  messageId: number | null;
}

/** What became of a message: delivered, or why not. */
export type Delivery =
  /** `chatId`: where the number is one of, which is another chat than the one of now when it moved meanwhile. */
  { kind: 'sent'; messageId: number; chatId: string } | { kind: 'logged' } | Failure;

export interface Channel {
  /** Undefined when it is none of Telegram. */
  chatId(): string | undefined;
  /** The chat that the numbers of messages in the database are of; another one than that while a move is not written. */
  writtenChatId(): string | undefined;
  send(message: OutgoingText & { id: string; kind: string }): Promise<Delivery>;
  /** True when the next new message would be the first one ever in the chat. */
  isFirst?(): Promise<boolean>;
  /** The message before that one. */
  greet?(): Promise<Delivery>;
}

export interface TelegramChannelDeps {
  api: Api;
  chatId: string;
  moves: ChatMoves;
  greeter: ChatGreeter;
}

const options = { link_preview_options: { is_disabled: true } };

/** Sends to one chat, each message on its own and as plain text. */
export function createTelegramChannel(deps: TelegramChannelDeps): Channel {
  const { api, moves, greeter } = deps;
  const chatId = () => moves.current(deps.chatId);

  async function sendNew(body: string): Promise<Delivery> {
    const to = chatId();
    const sent = await api.sendMessage(Number(to), messageText(body), options);
    moves.confirmed(to);
    return { kind: 'sent', messageId: sent.message_id, chatId: to };
  }

  async function attempt({ body, messageId }: OutgoingText): Promise<Delivery> {
    try {
      return (messageId === null ? null : await edit(messageId, messageText(body))) ?? (await sendNew(body));
    } catch (error) {
      return failureOf(error);
    }
  }

  // Null: it is no longer there, or too old to be edited, and is sent anew.
  async function edit(messageId: number, text: string): Promise<Delivery | null> {
    const to = chatId();
    try {
      await api.editMessageText(Number(to), messageId, text, options);
      return { kind: 'sent', messageId, chatId: to };
    } catch (error) {
      const { kind } = failureOf(error);
      if (kind === 'gone' || kind === 'unclear') return null;
      throw error;
    }
  }

  return {
    chatId,
    writtenChatId: () => moves.written(deps.chatId),
    isFirst: () => greeter.isDue(chatId()),
    async greet() {
      const to = chatId();
      try {
        await greeter.greet(to);
        return { kind: 'sent', messageId: 0, chatId: to };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'moved') moves.moved(failure.from, failure.to);
        return failure;
      }
    },
    async send(message) {
      const before = chatId();
      const delivery = await attempt(message);
      if (delivery.kind !== 'moved') return delivery;
      moves.moved(delivery.from, delivery.to);
      const now = chatId();
      if (now === before) return delivery;
      // A message from before stands in the old chat, where nothing can be changed any more.
      const again = await attempt({ ...message, messageId: null });
      if (again.kind !== 'sent') moves.failed(now);
      return again;
    },
  };
}

/** For a plane without Telegram: the message stands in the log, where an operator's tools find it. */
export function createLogChannel(log: Logger): Channel {
  return {
    chatId: () => undefined,
    writtenChatId: () => undefined,
    send({ id, kind, body }) {
      log.warn({ notification_id: id, kind, body: cleanMessage(body) }, 'alert');
      return Promise.resolve({ kind: 'logged' });
    },
  };
}
