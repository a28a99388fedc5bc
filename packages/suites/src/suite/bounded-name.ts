import { createHash } from 'node:crypto';

const digits = 16;
const kept = 900;

/**
 * A name as it is, or, where it is longer than `max` UTF-16 units, its beginning with a digest of the whole: two long names that
 * begin alike stay two names.
 */
export function boundedName(name: string, max: number): string {
  if (name.length <= max) return name;
  const begin = name.slice(0, Math.min(kept, max)).replace(/[\ud800-\udbff]$/, '');
  const digest = createHash('sha256').update(name).digest('hex').slice(0, digits);
  return `${begin}[${name.length - begin.length} more characters, SHA-256 ${digest}]`;
}
