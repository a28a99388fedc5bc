import type { Scan } from '../engine/rule.ts';

/** A value as it stands in a text. */
export interface Value {
  start: number;
  end: number;
  quoted: boolean;
  /** Where the next thing begins: behind the closing quote. */
  after: number;
}

const longestValue = 4_096;
/** A quote in every dress, also escaped and as an entity; the source of an expression. */
export const quoteMark = String.raw`\\{0,7}["'\x60]|%22|&quot;|&#34;|\\{1,8}u0022|\\{1,8}x22`;
// b"...", r#"..."#, @"...", f'...'
const quote = new RegExp(`(?:(?:[A-Za-z]{1,2}#{0,3}|[@$]{1,2})(?=["']))?("{3}|'{3}|${quoteMark})`, 'y');
const schemes =
  'bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|flyv1|aws4-hmac-sha256|hawk|oauth|key|signature|mac|dpop|sharedkey|sso-key|splunk|geniekey|ssws|api-token|bot|hmac';
const scheme = new RegExp(`(?:${schemes})\\s{1,3}`, 'iy');
const schemeAlone = new RegExp(`^(?:${schemes})$`, 'i');

/** Whether a word says how a credential is to be read, and is none. */
export const isScheme = (word: string) => schemeAlone.test(word);

/** Reads the value that begins at `at`: within quotes to the same quote, otherwise to where a value usually ends. */
export function readValue(scan: Scan, at: number): Value | undefined {
  quote.lastIndex = at;
  const opening = quote.exec(scan.text);
  if (opening === null) return readBare(scan, at);
  return readQuoted(scan, quote.lastIndex, opening[1] ?? '"');
}

function readQuoted(scan: Scan, from: number, mark: string): Value | undefined {
  const { text } = scan;
  const triple = mark.length === 3 && mark !== '%22';
  const until = Math.min(text.length, from + longestValue);
  let end = from;
  while (end < until) {
    const c = text.charCodeAt(end);
    if ((c === 10 || c === 13) && !triple) break;
    if (text.startsWith(mark, end)) {
      // A quote of one sign that is written twice belongs to the value.
      if (text[end + 1] !== mark) break;
      end += 1;
    }
    end += c === 92 && mark.length === 1 ? 2 : 1;
  }
  end = Math.min(end, until);
  const after = end + mark.length;
  if (!triple) return { ...withoutScheme(text, from, end), quoted: true, after };
  if (end === text.length) openAt(scan, from - mark.length);
  return { ...trimmed(text, from, end), quoted: true, after };
}

/** What follows the text might change what was found at `from`. */
export function openAt(scan: Scan, from: number): void {
  scan.openFrom = Math.min(scan.openFrom, from);
}

/** Without white space around it. */
export function trimmed(text: string, from: number, to: number): { start: number; end: number } {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
}
const isBlank = (c: number) => c === 32 || (c >= 9 && c <= 13);

// white space " ' ` , ; & < > ( ) { } [ ] |
const stops = new Uint8Array(128);
for (const stop of Array.from(' \t\r\n\v\f"\'`,;&<>(){}[]|')) stops[stop.charCodeAt(0)] = 1;
// Control characters, such as the one that begins a colour.
stops.fill(1, 0, 32);

function readBare(scan: Scan, at: number): Value | undefined {
  const begin = withoutScheme(scan.text, at, Math.min(scan.text.length, at + 40)).start;
  const end = Math.min(bareEnd(scan, begin), begin + longestValue);
  return end === begin ? undefined : { start: begin, end, quoted: false, after: end };
}

// Where a bare value ends, or at least how far it goes. Remembered, since names may follow names in one stretch.
function bareEnd({ text, bare }: Scan, begin: number): number {
  const inside = begin >= bare.from && begin <= bare.to;
  if (inside && bare.ended) return bare.to;
  const until = Math.min(text.length, begin + longestValue);
  let end = inside ? bare.to : begin;
  while (
    end < until &&
    (stops[text.charCodeAt(end)] !== 1 || isEscapedBlank(text, end)) &&
    !isEscape(text, end)
  )
    end += 1;
  if (!inside) bare.from = begin;
  bare.to = end;
  bare.ended = end < until || end === text.length;
  return end;
}

// As shells and libpq write white space within a value.
const isEscapedBlank = (text: string, at: number) =>
  text[at] === ' ' && text[at - 1] === '\\' && text[at - 2] !== '\\';

// A line end or a quote within JSON; a backslash alone may be part of a password.
const isEscape = (text: string, at: number) =>
  text[at] === '\\' && /^\\+["'nrt]/.test(text.slice(at, at + 9));

function withoutScheme(text: string, start: number, end: number): { start: number; end: number } {
  scheme.lastIndex = start;
  return scheme.test(text) && scheme.lastIndex < end ? { start: scheme.lastIndex, end } : { start, end };
}
