import type { Message } from 'grammy/types';
import { badRequest } from '../api/api-error.ts';
import { flagParam, integerParam, isRecord, jsonParam, type Params } from '../api/params.ts';
import { latest, type ChatMessage } from '../state/messages.ts';
import type { World } from '../world.ts';

/**
 * The message that a call replies to.
 *
 * @throws BotApiError 400 when it is gone, unless the call allows that
 */
export function replyTo(world: World, params: Params, chatId: number): Pick<Message, 'reply_to_message'> {
  const given = jsonParam(params, 'reply_parameters', 'reply parameters');
  const reply: Params = isRecord(given) ? given : {};
  const messageId = integerParam(reply, 'message_id') ?? integerParam(params, 'reply_to_message_id');
  if (messageId === undefined) return {};
  const found = world.messages.find(chatId, messageId);
  if (!found) {
    const allowed = [reply, params].some((p) => flagParam(p, 'allow_sending_without_reply'));
    if (allowed) return {};
    throw badRequest('message to be replied not found');
  }
  return { reply_to_message: repliedTo(found) };
}

/** A message as it stands within a reply to it: without the one that it replies to itself. */
export function repliedTo(message: ChatMessage): NonNullable<Message['reply_to_message']> {
  const { reply_to_message: _, ...shown } = latest(message);
  // The type wants the inner reply as `undefined`, which JSON leaves out anyway.
  return shown as NonNullable<Message['reply_to_message']>;
}
