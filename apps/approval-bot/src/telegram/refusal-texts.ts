import { redact } from '@actp/redaction/redact';

// Descriptions as the Bot API's server writes them (tdlib/telegram-bot-api, td/telegram) and codes that it passes on. They
// are compared from their beginning: what follows can quote the text that was refused.
const start = String.raw`^(?:Bad Request: |Forbidden: |Request Entity Too Large: )?`;

const aboutText = new RegExp(
  `${start}(?:${[
    "can't parse (?!chat)",
    'message is too long',
    'message caption is too long',
    'message text is empty',
    'message content is empty',
    'text must be non-empty',
    '(?:text|strings) must be encoded in UTF-8',
    'inline keyboard (?:expected|button)',
    'text buttons are unallowed',
    'wrong HTTP URL',
    'MESSAGE_(?:TOO_LONG|EMPTY)',
    '(?:ENTITY|ENTITIES|BUTTON|REPLY_MARKUP)_',
  ].join('|')})`,
  'i',
);

const aboutChat = new RegExp(
  `${start}(?:${[
    'group chat was (?:upgraded|migrated|deactivated|deleted)',
    'the (?:group|supergroup|channel) chat was deleted',
    'chat not found',
    'chat_id is empty',
    'user not found',
    'user is deactivated',
    'bot was (?:blocked|kicked)',
    "bots? (?:is not a member|can't)",
    'not enough rights',
    'need administrator rights',
    'have no rights',
    'have no write access',
    'message thread not found',
    'TOPIC_',
    'CHAT_',
    'CHANNEL_',
    'PEER_',
    'INPUT_USER_',
    'USER_(?:IS_BLOCKED|BANNED|DEACTIVATED|RESTRICTED)',
    'YOU_BLOCKED_USER',
    'ALLOW_PAYMENT_REQUIRED',
  ].join('|')})`,
  'i',
);

const messageGone = new RegExp(
  `${start}(?:${[
    'message to (?:edit|be replied|reply) not found',
    "message can't be edited",
    'message identifier is not specified',
    'there is no (?:text|caption) in the message to edit',
    'MESSAGE_(?:ID_INVALID|EDIT_TIME_EXPIRED|AUTHOR_REQUIRED|NOT_FOUND)',
  ].join('|')})`,
  'i',
);

/** Whether Telegram refuses the text itself, or its buttons, wherever it is sent. */
export const isAboutText = (description: string): boolean => aboutText.test(description);

/** Whether Telegram refuses because of the chat, whatever is sent there. */
export const isAboutChat = (description: string): boolean => aboutChat.test(description);

/** Whether there is no such message to change any more. */
export const isMessageGone = (description: string): boolean => messageGone.test(description);

const maxLength = 120;

/** A refusal in Telegram's words, for where anyone may read it: without secrets, addresses and control characters. */
export function shownReason(description: string): string {
  const plain = redact(description)
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/\S*/gi, '[address]')
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]')
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{Sc}\p{Sm} ]+/gu, ' ')
    .trim();
  return plain.slice(0, maxLength).toWellFormed() || 'no reason given';
}
