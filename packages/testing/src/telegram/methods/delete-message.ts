import { badRequest } from '../api/api-error.ts';
import { integerParam } from '../api/params.ts';
import type { Method } from './method.ts';

const deletableMs = 48 * 60 * 60 * 1000;

export const deleteMessage: Method = (world, params) => {
  const { chat } = world.chats.sendable(integerParam(params, 'chat_id'), { withButtons: false });
  const messageId = integerParam(params, 'message_id');
  const message = messageId === undefined ? undefined : world.messages.find(chat.id, messageId);
  if (!message) throw badRequest('message to delete not found');
  if (world.clock() - message.sent_at >= deletableMs) {
    throw badRequest("message can't be deleted for everyone");
  }
  world.messages.delete(message);
  return true;
};
