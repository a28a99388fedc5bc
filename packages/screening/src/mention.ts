// Words that say that what follows in quotes is spoken of and not said.
const speaksOf =
  /\b(?:phrases?|strings?|words?|payloads?|examples?|such as|like|called|named|titled?|known as|term|says?|said|reads?|flags?|detects?|blocks?|matches|patterns?|attacks?|e\.g\.|means?|begriff|frase|satz|expression|quotes?|search(?:es)? for|headline|prompts? that|test(?:s|ing)? (?:for|that|with))\W{0,3}(?:\w{1,12}\W{1,2}){0,3}$/;
// Who warns of an attack shows one.
const warnsOf =
  /\b(?:injections?|attacks?|advisory|cve|jailbreaks?|phishing|payloads?|exploits?|vulnerabilit(?:y|ies))\b/;
const warnedFactor = 0.22;
const before = 60;
const isQuote = new Uint8Array(65_536);
for (const mark of '"“”„«»‘’\'`') isQuote[mark.charCodeAt(0)] = 1;
const reach = 40;
const anyQuote = /["“”„«»‘’'`]/;

/** Has a text a quotation mark at all? Without one nothing in it is a mention. */
export const hasQuotes = (text: string): boolean => anyQuote.test(text);

/**
 * How much a finding still says when it is spoken of rather than said: `the phrase "ignore previous instructions"` is a mention.
 *
 * @returns 1, or less where a quotation mark stands shortly before and the words before that speak of words
 */
export function mentionFactor(text: string, from: number, to: number): number {
  let open = -1;
  for (let i = from; i >= 0 && i > from - reach; i -= 1) {
    if (isQuote[text.charCodeAt(i)] !== 1) continue;
    // An apostrophe inside a word opens nothing.
    if (/\w/.test(text[i - 1] ?? ' ')) continue;
    open = i;
    break;
  }
  if (open < 0) return 1;
  let closed = false;
  for (let i = to; i < text.length && i < to + reach; i += 1)
    if (isQuote[text.charCodeAt(i)] === 1) closed = true;
  if (!closed) return 1;
  const intro = text.slice(Math.max(0, open - before), open);
  if (!speaksOf.test(intro)) return 1;
  return warnsOf.test(intro) ? warnedFactor : 0.4;
}
