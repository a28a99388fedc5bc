import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../api/api-error.ts';
import { readText } from '../api/formatted-text.ts';
import { integerParam, type Params } from '../api/params.ts';
import { readInlineKeyboard } from '../api/reply-markup.ts';
import { latest, type ChatMessage, type MessageContent } from '../state/messages.ts';
import type { World } from '../world.ts';
import type { Method } from './method.ts';

export const editMessageText: Method = (world, params) => {
  const message = ownMessage(world, params);
  const { text, entities } = readText(params);
  if (latest(message).text === undefined) throw badRequest('there is no text in the message to edit');
  const keyboard = readInlineKeyboard(params);
  // An edit that names no keyboard takes the old one away.
  return change(world, message, {
    ...keep(message),
    text,
    ...(entities.length > 0 ? { entities } : {}),
    ...(keyboard ? { reply_markup: keyboard } : {}),
  });
};

export const editMessageReplyMarkup: Method = (world, params) => {
  const message = ownMessage(world, params);
  const { reply_markup: _, ...rest } = contentOf(message);
  const keyboard = readInlineKeyboard(params);
  return change(world, message, { ...rest, ...(keyboard ? { reply_markup: keyboard } : {}) });
};

function ownMessage(world: World, params: Params): ChatMessage {
  const withButtons = readInlineKeyboard(params) !== undefined;
  const chat = world.chats.sendable(integerParam(params, 'chat_id'), { withButtons });
  const messageId = integerParam(params, 'message_id');
  if (messageId === undefined) throw badRequest('message identifier is not specified');
  const message = world.messages.find(chat.chat.id, messageId);
  if (!message) throw badRequest('message to edit not found');
  if (!message.outgoing) throw badRequest("message can't be edited");
  world.floodGuard.count(chat.chat.id);
  return message;
}

function change(world: World, message: ChatMessage, content: MessageContent) {
  if (isDeepStrictEqual(contentOf(message), content)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  return world.messages.edit(message, content);
}

function contentOf(message: ChatMessage): MessageContent {
  const { chat: _chat, message_id: _id, date: _date, edit_date: _edit, ...content } = latest(message);
  return content;
}

function keep(message: ChatMessage): MessageContent {
  const { text: _text, entities: _entities, reply_markup: _markup, ...rest } = contentOf(message);
  return rest;
}
