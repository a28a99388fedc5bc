import type { InlineKeyboardMarkup } from 'grammy/types';
import { writeCallbackData, type Step } from './button.ts';
import type { ButtonMac, ButtonTarget } from './button-mac.ts';

/**
 * The buttons of a card.
 * `decide`: as it is sent. `reject_only`: not everything could be shown. `confirm`: after the first press of a critical one.
 */
export type KeyboardKind = 'decide' | 'reject_only' | 'confirm';

const labels: Record<Step, string> = {
  approve: '✅ Approve',
  reject: '❌ Reject',
  confirm: '‼️ Really approve',
  back: '↩️ Back',
};

// The confirming button stands where no button was: a double tap must not be two presses.
const layouts: Record<KeyboardKind, readonly (readonly Step[])[]> = {
  decide: [['approve', 'reject']],
  reject_only: [['reject']],
  confirm: [['back', 'reject'], ['confirm']],
};

/** The keyboard of one card in one chat. */
export function keyboard(
  kind: KeyboardKind,
  id: string,
  target: ButtonTarget,
  mac: ButtonMac,
): InlineKeyboardMarkup {
  const button = (step: Step) => ({
    text: labels[step],
    callback_data: writeCallbackData({ id, step }, mac.of({ id, step }, target)),
  });
  return { inline_keyboard: layouts[kind].map((steps) => steps.map(button)) };
}
