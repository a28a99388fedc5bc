import { badRequest } from '../api/api-error.ts';
import { integerParam } from '../api/params.ts';
import type { Method } from './method.ts';

// What `getChat` says beyond the chat itself; clients only need the fields to be there.
const looks = { accent_color_id: 0, max_reaction_count: 11 };

export const getChat: Method = ({ chats }, params) => ({
  ...chats.writable(integerParam(params, 'chat_id')).chat,
  ...looks,
});

export const getChatMember: Method = ({ chats, author }, params) => {
  const { chat, administrators } = chats.writable(integerParam(params, 'chat_id'));
  const userId = integerParam(params, 'user_id');
  if (userId === undefined) throw badRequest('invalid user_id specified');
  const user = userId === author.id ? author : chats.user(userId);
  if (chat.type === 'private' && userId !== chat.id && userId !== author.id) {
    throw badRequest('member not found');
  }
  const status = administrators.has(userId) ? 'administrator' : 'member';
  return { status, user };
};
