const closing = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
  ['»', '«'],
]);

/** Whether a text begins with a quotation mark. */
export const opensQuote = (text: string): boolean => closing.has(text.charAt(0));

interface Quoted {
  quoted: string;
  whole: string;
  rest: string;
}

/**
 * The text in quotation marks that `text` begins with, without them and with them. A mark inside a word (an apostrophe) does not close it.
 *
 * @returns undefined when it begins with none, or none closes it
 */
export function readQuoted(text: string): Quoted | undefined {
  const close = closing.get(text.charAt(0));
  if (close === undefined) return undefined;
  for (let at = text.indexOf(close, 1); at > 0; at = text.indexOf(close, at + 1)) {
    const next = text.charAt(at + 1);
    if (next === '' || /[\s.,;:!?)(–—-]/.test(next))
      return { quoted: text.slice(1, at), whole: text.slice(0, at + 1), rest: text.slice(at + 1) };
  }
  return undefined;
}

/** What a whole text says without the quotation marks around it, or the text itself. */
export function unquoted(text: string): string {
  const found = readQuoted(text);
  return found !== undefined && /^[.,;!]?$/.test(found.rest.trim()) ? found.quoted : text;
}
