const closing = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
]);

/** Whether a text begins with a quotation mark. */
export const opensQuote = (text: string): boolean => closing.has(text.charAt(0));

/**
 * The text in quotation marks that `text` begins with. A mark inside a word (an apostrophe) does not close it.
 *
 * @returns undefined when it begins with none, or none closes it
 */
export function readQuoted(text: string): { quoted: string; rest: string } | undefined {
  const close = closing.get(text.charAt(0));
  if (close === undefined) return undefined;
  for (let at = text.indexOf(close, 1); at > 0; at = text.indexOf(close, at + 1)) {
    const next = text.charAt(at + 1);
    if (next === '' || /[\s.,;:!?)]/.test(next))
      return { quoted: text.slice(1, at), rest: text.slice(at + 1) };
  }
  return undefined;
}

/** What a whole text says without the quotation marks around it, or the text itself. */
export function unquoted(text: string): string {
  const found = readQuoted(text);
  return found !== undefined && /^[.,;!]?$/.test(found.rest.trim()) ? found.quoted : text;
}
