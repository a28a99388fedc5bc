import { createHash } from 'node:crypto';

/**
 * Tells whether a suite fails as it has failed before: which tests, and with which words, whatever numbers, addresses and
 * paths of temporary files stand in them.
 *
 * @returns 64 hex digits
 */
export function failureFingerprint(
  suite: string,
  failures: ReadonlyArray<{ test: string; message: string }>,
): string {
  const lines = failures.map(({ test, message }) => `${test}\n${steady(message)}`).toSorted();
  return createHash('sha256')
    .update([suite, ...lines].join('\0'))
    .digest('hex');
}

function steady(message: string): string {
  return message
    .replace(/0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]{27}|\/tmp\/\S+|\d+(?:\.\d+)?/gi, '#')
    .slice(0, 500);
}
