import { createFinder } from './engine/find-secrets.ts';
import { mergeSecrets } from './engine/merge.ts';
import { createKnownValues, type KnownValues } from './engine/known-values.ts';
import { plainValue } from './engine/colours.ts';
import type { Secret } from './engine/rule.ts';
import { withOwnSecrets } from './own-secrets.ts';
import { placeholder } from './placeholder.ts';
import { allRules } from './rules/all-rules.ts';

// The shortest is a password in an address, `://:x@`.
const shortestSecret = 6;

/** Finds where the secrets of a text are by what stands there; see `Finder.find`. */
export const finder = withOwnSecrets(createFinder(allRules));

/**
 * Takes secrets out of text that is about to leave (log, error, row, message, prompt). What is a secret in one place is taken out
 * wherever else it stands in the text. Time is linear in the length.
 *
 * @returns the text with each secret replaced by `[redacted:<kind>:<fingerprint>]`; the same text when there is none.
 *   Applied to its own result it changes nothing.
 */
export function redact(text: string): string {
  if (text.length < shortestSecret) return text;
  const secrets = finder.find(text);
  if (secrets === undefined) return text;
  return mayRepeat(text, secrets)
    ? replaceKnowing(text, secrets, createKnownValues())
    : replaceSecrets(text, secrets, 0, text.length);
}

const fewSecrets = 4;

// Nearly always a secret stands in its text once; that is found out at little cost.
function mayRepeat(text: string, secrets: readonly Secret[]): boolean {
  if (secrets.length > fewSecrets) return true;
  return secrets.some(({ start, end, kind }) => {
    const value = text.slice(start, end);
    if (kind === 'cookie' || kind === 'basic-auth' || !/^[\w.~-]*$/.test(value)) return true;
    return text.indexOf(value) !== start || text.includes(value, end);
  });
}

/**
 * The same for one of several texts that belong together.
 *
 * @param known takes what is found; to take that out of the others is another pass, see `replaceKnown`
 */
export function redactKnowing(text: string, known: KnownValues): string {
  if (text.length < shortestSecret) return text;
  const secrets = finder.find(text);
  return secrets === undefined ? text : replaceKnowing(text, secrets, known);
}

function replaceKnowing(text: string, secrets: readonly Secret[], known: KnownValues): string {
  known.learn(text, secrets);
  return replaceSecrets(text, withKnown(text, secrets, known, 0, text.length), 0, text.length);
}

/** Takes out values that were found elsewhere. */
export const replaceKnown = (text: string, known: KnownValues): string =>
  replaceSecrets(text, known.find(text, 0, text.length), 0, text.length);

/** @returns the secrets, and where known values stand beside them, in order */
export function withKnown(
  text: string,
  secrets: readonly Secret[],
  known: KnownValues,
  from: number,
  to: number,
): readonly Secret[] {
  if (known.isEmpty()) return secrets;
  const more = known.find(text, from, to);
  return more.length === 0 ? secrets : mergeSecrets([...secrets, ...more]);
}

/** @returns the part of the text from `from` to `to` with placeholders in it */
export function replaceSecrets(text: string, secrets: readonly Secret[], from: number, to: number): string {
  let result = '';
  let at = from;
  for (const { start, end, kind } of secrets) {
    result += text.slice(at, start) + placeholder(kind, plainValue(text.slice(start, end)));
    at = end;
  }
  return result + text.slice(at, to);
}
