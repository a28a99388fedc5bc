import type { Update } from 'grammy/types';
import { commandEntities } from '../api/command-entities.ts';
import { repliedTo } from '../methods/reply-to.ts';
import { anonymousAdmin } from '../state/chats.ts';
import { latest } from '../state/messages.ts';
import type { World } from '../world.ts';

export interface Utterance {
  /** Where it is said. A positive id is the private chat with that user. */
  chat_id: number;
  text: string;
  /** Who says it; in a private chat the person of that chat. `anonymous`: an anonymous administrator of the group. */
  from?: number | 'anonymous';
  /** The message of the same chat that it replies to. */
  reply_to?: number;
}

/** A person writes to the bot. A private chat that was not there yet begins with this. */
export function talk(world: World, { chat_id, text, from = chat_id, reply_to }: Utterance): Update {
  const record = world.chats.get(chat_id) ?? (chat_id > 0 ? world.chats.add({ id: chat_id }) : undefined);
  if (!record) throw new Error(`There is no group ${chat_id}: add it first`);
  if (from === chat_id && chat_id < 0) throw new Error('In a group somebody must say it: name `from`');
  const entities = commandEntities(text);
  const replied = reply_to === undefined ? undefined : world.messages.find(chat_id, reply_to);
  if (reply_to !== undefined && !replied)
    throw new Error(`There is no message ${reply_to} in chat ${chat_id}`);
  const content = {
    ...(from === 'anonymous'
      ? { from: anonymousAdmin, sender_chat: record.chat }
      : { from: world.chats.user(from) }),
    text,
    ...(entities.length > 0 ? { entities } : {}),
    ...(replied ? { reply_to_message: repliedTo(replied) } : {}),
  };
  const message = latest(world.messages.add(record, content, false));
  return world.updates.add({ message: { ...message, ...content, chat: record.chat } });
}
