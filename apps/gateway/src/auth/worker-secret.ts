import { Buffer } from 'node:buffer';
import { timingSafeEqual } from 'node:crypto';

// A header is never longer (see `maxHeaderSize`), so nothing that can be presented is cut.
const comparedBytes = 16_384;

/**
 * Compares a presented secret with the current and the previous one, in time that does not depend on either.
 *
 * @param secrets the accepted ones; all are compared, whichever fits
 */
export function createSecretCheck(secrets: readonly string[]): (presented: string) => boolean {
  const accepted = secrets.map((secret) => Buffer.from(secret));
  const given = Buffer.alloc(comparedBytes);
  return (presented) => {
    const length = given.write(presented);
    let matches = false;
    for (const expected of accepted) {
      // As many bytes as the secret has, whatever was presented; how long a secret is, is none.
      const same = timingSafeEqual(expected, given.subarray(0, expected.length));
      matches = (same && length === expected.length) || matches;
    }
    return matches;
  };
}
