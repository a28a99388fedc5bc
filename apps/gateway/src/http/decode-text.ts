import { AppError } from '@actp/shared/errors';

// Fatal: bytes that are no text would all become the same replacement character, and two payloads one.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws AppError `validation_failed` when the bytes are not UTF-8 */
export function decodeText(bytes: ArrayBuffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new AppError('validation_failed', 'the body is not valid UTF-8', {
      fields: [{ field: 'body', message: 'must be valid UTF-8' }],
    });
  }
}
