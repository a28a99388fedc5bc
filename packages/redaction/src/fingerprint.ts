import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

// 24 bits: two mentions can be matched, and a guess that fits is one of many that do, even for who has the key.
const digits = 6;

// Made ready once: to do so costs several times what a digest does.
let key = createSecretKey(randomBytes(32));

/**
 * Makes fingerprints comparable between processes that are given the same key, and after a restart. Without it each process
 * has a random one.
 *
 * @param secret `REDACTION_KEY`, or what `fingerprintKey` gave; nothing changes when it is undefined or empty
 */
export function useFingerprintKey(secret: string | KeyObject | undefined): void {
  if (secret === undefined || secret === '') return;
  key = typeof secret === 'string' ? createSecretKey(secret, 'utf8') : secret;
}

/** The key in use, for a thread of this process: its fingerprints have to be the same. */
export const fingerprintKey = (): KeyObject => key;

/** Six hexadecimal digits that are the same for the same secret, and say nothing about it to who lacks the key. */
export function fingerprint(secret: string): string {
  return createHmac('sha256', key).update(secret).digest('hex').slice(0, digits);
}
