import { BotApiError } from '../api/api-error.ts';

/** Why a chat takes no messages of the bot although the bot knows the chat, in the wording of the Bot API. */
const refusals = {
  topic_closed: [400, 'Bad Request: TOPIC_CLOSED'],
  topic_deleted: [400, 'Bad Request: message thread not found'],
  no_rights: [400, 'Bad Request: not enough rights to send text messages to the chat'],
  write_forbidden: [400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
  restricted: [400, 'Bad Request: CHAT_RESTRICTED'],
  administrators_only: [400, 'Bad Request: need administrator rights in the channel chat'],
  /** Only messages with buttons are refused. */
  no_buttons: [400, 'Bad Request: not enough rights to send messages with an inline keyboard to the chat'],
  not_a_member: [403, 'Forbidden: bot is not a member of the supergroup chat'],
  deactivated: [403, 'Forbidden: user is deactivated'],
  deleted: [403, 'Forbidden: the group chat was deleted'],
} as const;

export type SendRefusal = keyof typeof refusals;

export const sendRefusals = Object.keys(refusals) as readonly SendRefusal[];

/** @throws BotApiError as the Bot API refuses a message to such a chat */
export function refuseSending(refusal: SendRefusal | undefined, message: { withButtons: boolean }): void {
  if (refusal === undefined || (refusal === 'no_buttons' && !message.withButtons)) return;
  const [code, description] = refusals[refusal];
  throw new BotApiError(code, description);
}

/** The refusal of every call for a group that has become a supergroup. */
export function migrated(to: number): BotApiError {
  return new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: to,
  });
}
