import { createFinder } from './engine/find-secrets.ts';
import type { Secret } from './engine/rule.ts';
import { placeholder } from './placeholder.ts';
import { allRules } from './rules/all-rules.ts';

// The shortest is a password in an address, `://:x@`.
const shortestSecret = 6;

const finder = createFinder(allRules);

/**
 * Takes secrets out of text that is about to leave (log, error, row, message, prompt). Time is linear in the length.
 *
 * @returns the text with each secret replaced by `[redacted:<kind>:<fingerprint>]`; the same text when there is none.
 *   Applied to its own result it changes nothing.
 */
export function redact(text: string): string {
  if (text.length < shortestSecret) return text;
  const secrets = finder.find(text);
  return secrets === undefined ? text : replaceSecrets(text, secrets, 0, text.length);
}

/** Where the secrets of a text are, in order; see `Finder.find`. */
export const findSecrets = finder.find;

/** @returns the part of the text from `from` to `to` with placeholders in it */
export function replaceSecrets(text: string, secrets: readonly Secret[], from: number, to: number): string {
  let result = '';
  let at = from;
  for (const { start, end, kind } of secrets) {
    result += text.slice(at, start) + placeholder(kind, text.slice(start, end));
    at = end;
  }
  return result + text.slice(at, to);
}
