import { EmailAddress } from '@actp/providers/email-message';

const around = /[\s<>()[\]",;:“”«»]/;
// A quotation mark at an end of the part before the @ belongs to the sentence, and what is between such marks is no whole address.
const quotedLocal = /^['`]|['`]@/;
const atSign = /[@＠﹫]/gu;

/** Whether a text is one mail address: plain ASCII, at a named host. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 &&
  !quotedLocal.test(text) &&
  text.trim() === text &&
  EmailAddress.safeParse(text).success;

/** The mail addresses that a text names, each once, in lower case and in its order. */
export const addressesIn = (text: string): string[] => [...new Set(written(text))];

/** The one address that a text names; undefined when it has none or several, or an @ that belongs to no whole address. */
export function onlyAddressIn(text: string): string | undefined {
  const found = written(text);
  const [only, ...others] = new Set(found);
  return others.length === 0 && found.length === (text.match(atSign)?.length ?? 0) ? only : undefined;
}

const written = (text: string): string[] =>
  text
    .split(around)
    .filter((word) => word.includes('@'))
    .map((word) => bare(word).toLowerCase())
    .filter(isAddress);

/** A word without quotation marks and the punctuation of its sentence. */
export function bare(word: string): string {
  let [start, end] = [0, word.length];
  while (start < end && `"'<(\`‘“`.includes(word.charAt(start))) start += 1;
  while (end > start && `"'>).,;:!?\`’”`.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(start, end);
}
