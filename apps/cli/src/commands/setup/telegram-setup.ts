import type { Conversation } from './conversation.ts';
import type { Draft } from './draft.ts';

export interface TelegramSetup {
  talk: Conversation;
  draft: Draft;
  /** TELEGRAM_API_ROOT that is in force. */
  apiRoot: string;
  /** Whether a running plane fetches the updates of the bot with this token. */
  planePolls: (token: string) => boolean;
}
