import { createHash } from 'node:crypto';
import { redact } from '@actp/redaction/redact';

/** A key as it is stored: one that holds a secret only as its hash, which tells keys apart just as well. */
export function storedKey(key: string): string {
  return redact(key) === key ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
