import { createHmac, timingSafeEqual } from 'node:crypto';

/*
 * Standard Webhooks (standardwebhooks.com), symmetric signatures: HMAC-SHA256 over `<id>.<timestamp>.<content>`.
 */

export interface SignedMessage {
  /** Of this one message; never used again. */
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  /** Exactly as it is sent. */
  content: string;
}

/** @param secret `whsec_` and the key in base64 */
function signature(secret: string, { id, timestamp, content }: SignedMessage): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.${content}`).digest();
}

/**
 * The headers of a signed message.
 *
 * @param secrets more than one while it is rotated: one signature with each, of which a receiver needs one
 */
export function webhookHeaders(
  secrets: string | readonly string[],
  message: SignedMessage,
): Record<string, string> {
  const signatures = [secrets].flat().map((secret) => `v1,${signature(secret, message).toString('base64')}`);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/**
 * Whether one of the given signatures is that of the message. Time does not depend on where they differ.
 *
 * @param signatures as in `webhook-signature`: one or more `v1,<base64>`, separated by spaces; other versions are passed over
 */
export function isSignedBy(secret: string, message: SignedMessage, signatures: string): boolean {
  const expected = signature(secret, message);
  return signatures.split(' ').some((one) => {
    if (!one.startsWith('v1,')) return false;
    const given = Buffer.from(one.slice(3), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
