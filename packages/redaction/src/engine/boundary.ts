import type { Scan } from './rule.ts';

const isDigit = (c: number) => c >= 48 && c <= 57;
/** ASCII letter or digit. */
export const isAlphanumeric = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);
const isHex = (c: number) => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);

/**
 * Whether a token may begin here: not in the middle of a word or of base64. The end of an escape (`\n`, `%3D`, `\u0022`,
 * a colour) is no part of a word although it is a letter.
 */
export function beginsToken(at: number, { text, placeholderEnd }: Scan): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (!isAlphanumeric(before)) {
    // What follows a placeholder was followed by a secret before: it is as much in the middle as it was then.
    return before !== 43 && placeholderEnd !== at;
  }
  return endsEscape(text, at, before);
}

/** Whether a letter or a digit here is the first of its word. */
export function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  return !isAlphanumeric(before) || endsEscape(text, at, before);
}

function endsEscape(text: string, at: number, before: number): boolean {
  const second = text.charCodeAt(at - 2);
  if (second === 92) return 'nrtbf'.includes(text[at - 1] ?? ' ');
  if (!isHex(before) && before !== 109) return false;
  if (text.charCodeAt(at - 3) === 37 && isHex(before)) return isHex(second);
  if (before === 109) return text.slice(Math.max(0, at - 12), at).includes('\u001B[');
  if (text.charCodeAt(at - 6) !== 92) return false;
  return /\\u[0-9a-fA-F]{4}$/.test(text.slice(Math.max(0, at - 6), at));
}
