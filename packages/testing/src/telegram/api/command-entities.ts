import type { MessageEntity } from 'grammy/types';

// A command starts the text or follows white space; up to 32 word characters, optionally @bot.
const command = /(?<=^|\s)\/[a-z0-9_]{1,32}(?:@[a-z0-9_]{3,32})?(?=$|[\s.,!?:;])/gi;

/** The `bot_command` entities that Telegram's clients mark in what a person types. */
export function commandEntities(text: string): MessageEntity[] {
  return [...text.matchAll(command)].map((found) => ({
    type: 'bot_command',
    offset: found.index,
    length: found[0].length,
  }));
}
