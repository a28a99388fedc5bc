import { GrammyError, type Api } from 'grammy';
import type { Logger } from '@actp/shared/log';
import { failureOf, type Failure } from '../telegram/failure.ts';
import { messageText } from '../telegram/message-text.ts';

export interface OutgoingMessage {
  id: string;
  kind: string;
  body: string;
  /** Which text of it this is; a message whose text has changed since is edited where people see it. */
  revision: number;
  /** Null when it was never sent. */
  messageId: number | null;
}

/** What became of a message: delivered, or why not. `unsendable`: it never can be, others can. */
export type Delivery =
  | { kind: 'sent'; messageId: number }
  | { kind: 'logged' }
  | Failure
  | { kind: 'unsendable'; reason: string };

export interface Channel {
  send(message: OutgoingMessage): Promise<Delivery>;
}

/** Sends to one chat, each message on its own and as plain text. */
export function createTelegramChannel(deps: { api: Api; chatId: number }): Channel {
  const { api, chatId } = deps;
  return {
    async send({ body, messageId }) {
      try {
        if (messageId !== null) {
          const edited = await edit(messageId, messageText(body));
          if (edited !== null) return edited;
        }
        const sent = await api.sendMessage(chatId, messageText(body), {
          link_preview_options: { is_disabled: true },
        });
        return { kind: 'sent', messageId: sent.message_id };
      } catch (error) {
        const failure = failureOf(error);
        return failure.kind === 'bad_request' ? whatIsBad(failure.reason) : failure;
      }
    },
  };

  // Null: it is no longer there, or too old to be edited, and is sent anew.
  async function edit(messageId: number, text: string): Promise<Delivery | null> {
    try {
      await api.editMessageText(chatId, messageId, text, { link_preview_options: { is_disabled: true } });
      return { kind: 'sent', messageId };
    } catch (error) {
      if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
      // There is no other way to tell the two apart.
      return /not modified/i.test(error.description) ? { kind: 'sent', messageId } : null;
    }
  }

  // The same 400 stands for an unknown chat and for a text that Telegram does not take: asking for the chat tells.
  async function whatIsBad(reason: string): Promise<Delivery> {
    try {
      await api.getChat(chatId);
      return { kind: 'unsendable', reason };
    } catch (error) {
      const unknown = error instanceof GrammyError && error.error_code === 400;
      return unknown ? { kind: 'refused', reason } : failureOf(error);
    }
  }
}

/** For a plane without Telegram: the message stands in the log, where an operator's tools find it. */
export function createLogChannel(log: Logger): Channel {
  return {
    send({ id, kind, body }) {
      log.warn({ notification_id: id, kind, body: messageText(body) }, 'alert');
      return Promise.resolve({ kind: 'logged' });
    },
  };
}
