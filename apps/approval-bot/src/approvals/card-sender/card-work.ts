import type { ButtonMac } from '../buttons/button-mac.ts';
import type { ApprovalCardStore } from '@actp/services/approvals/card-store';
import type { CardChats } from './card-chats.ts';
import type { Urgency } from '../../telegram/pacer.ts';
import type { CardMessages } from './card-messages.ts';

/** What the work on a card needs. */
export interface CardWorkDeps {
  store: ApprovalCardStore;
  messages: CardMessages;
  mac: ButtonMac;
  chats: CardChats;
  timeZone: string;
  /** To be awaited before every message: keeps Telegram's pace, and throws when this copy may not send any more. */
  turn: (chatId: string, urgency: Urgency) => Promise<void>;
}

/** Does the work that is due for one approval. False when there was nothing to do after all. Failures of Telegram and the database throw. */
export type CardWorkHandler = (id: string) => Promise<boolean>;
