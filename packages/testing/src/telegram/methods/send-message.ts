import { readText } from '../api/formatted-text.ts';
import { integerParam } from '../api/params.ts';
import { readInlineKeyboard } from '../api/reply-markup.ts';
import { latest } from '../state/messages.ts';
import { replyTo } from './reply-to.ts';
import type { Method } from './method.ts';

export const sendMessage: Method = (world, params) => {
  const { text, entities } = readText(params);
  const keyboard = readInlineKeyboard(params);
  const chat = world.chats.sendable(integerParam(params, 'chat_id'), { withButtons: keyboard !== undefined });
  const reply = replyTo(world, params, chat.chat.id);
  world.floodGuard.count(chat.chat.id);
  const content = {
    from: world.author,
    text,
    ...(entities.length > 0 ? { entities } : {}),
    ...(keyboard ? { reply_markup: keyboard } : {}),
    ...reply,
  };
  return latest(world.messages.add(chat, content, true));
};
