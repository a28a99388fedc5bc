import type { ButtonMac } from '../buttons/button-mac.ts';
import type { Register } from '../register.ts';
import type { CardChats } from './card-chats.ts';
import type { Urgency } from '../../telegram/pacer.ts';
import type { CardMessages } from './card-messages.ts';

/** What serving an approval needs. */
export interface ServeDeps {
  register: Register;
  messages: CardMessages;
  mac: ButtonMac;
  chats: CardChats;
  timeZone: string;
  /** To be awaited before every message: keeps Telegram's pace, and throws when this copy may not send any more. */
  turn: (chatId: string, urgency: Urgency) => Promise<void>;
}

/** Serves one approval. False when there was nothing to do after all. Failures of Telegram and the database throw. */
export type Serve = (id: string) => Promise<boolean>;
