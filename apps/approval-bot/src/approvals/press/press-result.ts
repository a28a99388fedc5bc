import type { KeyboardKind } from '../buttons/keyboard.ts';

/** What a press led to, and what the person gets to see. */
export interface PressResult {
  /** At most 200 characters, Telegram's limit. */
  text: string;
  /** Shown until it is closed, instead of for a moment. */
  alert: boolean;
  /** The approval that changed. */
  changed?: string;
  /** Other buttons for the card that was pressed. */
  buttons?: { kind: KeyboardKind; id: string; chatId: string; actionDigest: string };
  /** The card that was pressed is an older copy: this is the message to decide on. */
  newerMessageId?: number;
}

const maxAnswer = 200;

/** A refusal: closed by hand, and cut to what Telegram takes. */
export function refuse(text: string): PressResult {
  return { text: text.slice(0, maxAnswer), alert: true };
}
