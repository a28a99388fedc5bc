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
 *
 * @param previous the secret before, while it is rotated: buttons of cards that were sent under it go on working
 */
export function createButtonMac(sessionSecret: string, previous?: string): ButtonMac {
  const of = maker(sessionSecret);
  const makers = previous === undefined ? [of] : [of, maker(previous)];
  return {
    of,
    fits: (mac, button, target) =>
      mac.length === macBytes && makers.some((make) => timingSafeEqual(mac, make(button, target))),
  };
}

function maker(sessionSecret: string): ButtonMac['of'] {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'actp approval button v1', 32));
  return ({ id, step }, { chatId, actionDigest }) => {
    // None of them can hold a line break.
    const text = [id, decisionOf[step], step, chatId, actionDigest].join('\n');
    return createHmac('sha256', key).update(text).digest().subarray(0, macBytes);
  };
}
