import { readCallbackData, writeCallbackData } from '../buttons/button.ts';
import type { ButtonMac, ButtonTarget } from '../buttons/button-mac.ts';

const letter = 'w';

/** The callback data of the button that rejects with the words of the reply above it. It shows as the button Reject does that it is ours. */
export function writeReasonButton(id: string, target: ButtonTarget, mac: ButtonMac): string {
  const button = { id, step: 'reject' } as const;
  return letter + writeCallbackData(button, mac.of(button, target)).slice(1);
}

/** Undefined for anything that we cannot have written. It may still be forged. */
export function readReasonButton(data: string | undefined): { id: string; mac: Buffer } | undefined {
  if (data?.startsWith(letter) !== true) return undefined;
  const read = readCallbackData(`r${data.slice(1)}`);
  return read && { id: read.button.id, mac: read.mac };
}
