import type { Chat, User } from 'grammy/types';
import { badRequest, BotApiError } from '../api/api-error.ts';
import { migrated, refuseSending, type SendRefusal } from './send-refusals.ts';

export interface NewChat {
  /** A positive id is a private chat with the user of that id, a negative one a group. */
  id: number;
  title?: string;
  /** Of a group; `supergroup` when left out. */
  type?: 'group' | 'supergroup';
  /** User ids that `getChatMember` calls administrators. */
  administrators?: readonly number[];
}

export type Reachability = 'open' | 'blocked' | 'kicked';

export interface ChatRecord {
  chat: Chat.PrivateChat | Chat.GroupChat | Chat.SupergroupChat;
  administrators: ReadonlySet<number>;
  reachability: Reachability;
  /** Why it takes no messages although it is reachable. */
  refuses: SendRefusal | undefined;
  /** The supergroup that it has become. */
  migratedTo: number | undefined;
}

/** Who stands behind messages of a group's anonymous administrators, as on Telegram. */
export const anonymousAdmin: User = {
  id: 1087968824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

/** The people and chats that this Telegram knows; a bot can write to no others. */
export function createChats() {
  const chats = new Map<number, ChatRecord>();
  const users = new Map<number, User>();

  const user = (id: number): User =>
    users.get(id) ?? { id, is_bot: false, first_name: `User ${id}`, language_code: 'en' };

  return {
    user,
    addUser(added: User): void {
      users.set(added.id, added);
    },
    add({ id, title, type = 'supergroup', administrators = [] }: NewChat): ChatRecord {
      const chat: ChatRecord['chat'] =
        id > 0
          ? { id, type: 'private', first_name: user(id).first_name }
          : { id, type, title: title ?? `Group ${id}` };
      const record: ChatRecord = {
        chat,
        administrators: new Set(administrators),
        reachability: 'open',
        refuses: undefined,
        migratedTo: undefined,
      };
      chats.set(id, record);
      return record;
    },
    get: (id: number): ChatRecord | undefined => chats.get(id),
    /** `blocked` by its user, or the bot `kicked` out: every call for the chat then answers 403. */
    setReachability(id: number, reachability: Reachability): void {
      require(chats, id).reachability = reachability;
    },
    /** From now on the chat refuses messages for this reason; `open` ends that. */
    setSending(id: number, sending: SendRefusal | 'open'): void {
      require(chats, id).refuses = sending === 'open' ? undefined : sending;
    },
    /** A group becomes a supergroup with an id of its own: every call for the old id is refused from now on. */
    migrate(from: number, to: number): { before: ChatRecord; after: ChatRecord } {
      const before = require(chats, from);
      const title = before.chat.title ?? `Group ${from}`;
      const after = this.add({ id: to, title, administrators: [...before.administrators] });
      before.migratedTo = to;
      return { before, after };
    },
    /**
     * The chat of a message to send or to change.
     *
     * @throws BotApiError as `writable`, and where the chat takes no messages of this kind
     */
    sendable(id: number | undefined, message: { withButtons: boolean }): ChatRecord {
      const record = this.writable(id);
      if (record.migratedTo !== undefined) throw migrated(record.migratedTo);
      refuseSending(record.refuses, message);
      return record;
    },
    /**
     * The chat of a call.
     *
     * @throws BotApiError 400 for an unknown chat, 403 where the bot may not write
     */
    writable(id: number | undefined): ChatRecord {
      const record = require(chats, id);
      if (record.reachability === 'blocked') {
        throw new BotApiError(403, 'Forbidden: bot was blocked by the user');
      }
      if (record.reachability === 'kicked') {
        const { type } = record.chat;
        throw new BotApiError(403, `Forbidden: bot was kicked from the ${type} chat`);
      }
      return record;
    },
  };
}

function require(chats: ReadonlyMap<number, ChatRecord>, id: number | undefined): ChatRecord {
  if (id === undefined) throw badRequest('chat_id is empty');
  const record = chats.get(id);
  if (!record) throw badRequest('chat not found');
  return record;
}
