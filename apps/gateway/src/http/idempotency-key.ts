import { createHash } from 'node:crypto';
import { redact } from '@actp/redaction/redact';
import { z } from 'zod';

/** The header under which a retry is the same request; any printable ASCII. */
export const IdempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
    .optional(),
});

/** A key as it is stored: one that holds a secret only as its hash, which tells keys apart just as well. */
export function storedKey(key: string): string {
  return redact(key) === key ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
