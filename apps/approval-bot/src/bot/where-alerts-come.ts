import type { Access } from './access.ts';

/** Where results and alerts come, for somebody who writes in this chat. */
export function whereAlertsCome({ chatId }: Pick<Access, 'chatId'>, here: number): string {
  if (chatId === undefined) return 'into the log of the bot, since TELEGRAM_CHAT_ID is not set';
  return chatId === here ? 'here' : `in the chat for alerts (${chatId})`;
}
