import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { decisionOf, macBytes, type Button } from './button.ts';

/** What a button is bound to, beside its approval and what it does. */
export interface ButtonTarget {
  chatId: string;
  /** Of what the card shows. */
  actionDigest: string;
}

export interface ButtonMac {
  of(button: Button, target: ButtonTarget): Buffer;
  /** In constant time. */
  fits(mac: Buffer, button: Button, target: ButtonTarget): boolean;
}

/**
 * Shows that a button is one of ours: HMAC-SHA256 over everything that it stands for. The key comes from the secret by HKDF
 * under a name of its own, so that it is of no use for sessions, and theirs not for buttons.
 */
export function createButtonMac(sessionSecret: string): ButtonMac {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'actp approval button v1', 32));
  const of: ButtonMac['of'] = ({ id, step }, { chatId, actionDigest }) => {
    // None of them can hold a line break.
    const text = [id, decisionOf[step], step, chatId, actionDigest].join('\n');
    return createHmac('sha256', key).update(text).digest().subarray(0, macBytes);
  };
  return {
    of,
    fits: (mac, button, target) => mac.length === macBytes && timingSafeEqual(mac, of(button, target)),
  };
}
