import type { Message } from 'grammy/types';
import type { ChatRecord } from './chats.ts';
import type { Signal } from './signal.ts';

/** A message as it stands in a chat, with everything it ever said. */
export interface ChatMessage {
  chat_id: number;
  message_id: number;
  /** Sent by the bot. */
  outgoing: boolean;
  /** Milliseconds, by the server's clock. */
  sent_at: number;
  deleted_at?: number;
  /** Every state it had, the newest last: one more for each edit. */
  versions: [Message, ...Message[]];
}

export type MessageContent = Omit<Message, 'chat' | 'message_id' | 'date'>;

export type Messages = ReturnType<typeof createMessages>;

/** All messages of all chats, in the order in which they were sent. */
export function createMessages(deps: { clock: () => number; changed: Signal }) {
  const { clock, changed } = deps;
  const all: ChatMessage[] = [];
  const lastIds = new Map<number, number>();

  // Supergroups number their own messages; private chats and basic groups share one count.
  const nextId = ({ chat }: ChatRecord): number => {
    const counter = chat.type === 'supergroup' ? chat.id : 0;
    const id = (lastIds.get(counter) ?? 0) + 1;
    lastIds.set(counter, id);
    return id;
  };

  return {
    list: (): readonly ChatMessage[] => all,
    /** A message that exists and was not deleted. */
    find: (chatId: number, messageId: number): ChatMessage | undefined =>
      all.find((m) => m.chat_id === chatId && m.message_id === messageId && m.deleted_at === undefined),
    add(record: ChatRecord, content: MessageContent, outgoing: boolean): ChatMessage {
      const message_id = nextId(record);
      const sent_at = clock();
      const date = Math.floor(sent_at / 1000);
      const first: Message = { ...content, message_id, date, chat: record.chat };
      const added: ChatMessage = {
        chat_id: record.chat.id,
        message_id,
        outgoing,
        sent_at,
        versions: [first],
      };
      all.push(added);
      changed.emit();
      return added;
    },
    edit(message: ChatMessage, content: MessageContent): Message {
      const { message_id, date, chat } = latest(message);
      const edit_date = Math.floor(clock() / 1000);
      const next: Message = { ...content, message_id, date, chat, edit_date };
      message.versions.push(next);
      changed.emit();
      return next;
    },
    delete(message: ChatMessage): void {
      message.deleted_at = clock();
      changed.emit();
    },
  };
}

/** What the message says now. */
export function latest(message: ChatMessage): Message {
  return message.versions.at(-1) ?? message.versions[0];
}

export interface ShownButton {
  /** Counted from 1 through all rows, as a person would read them. */
  number: number;
  text: string;
  callback_data?: string;
  url?: string;
}

/** The buttons under the message as it is now. */
export function buttonsOf(message: ChatMessage): ShownButton[] {
  const rows = latest(message).reply_markup?.inline_keyboard ?? [];
  return rows.flat().map((button, index) => ({
    number: index + 1,
    text: button.text,
    ...('callback_data' in button ? { callback_data: button.callback_data } : {}),
    ...('url' in button ? { url: button.url } : {}),
  }));
}
