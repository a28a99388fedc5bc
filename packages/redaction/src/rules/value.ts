import { entropy, isPlaceholder, looksRandom } from '../engine/likeness.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import type { Scan } from '../engine/rule.ts';
import type { NameClass } from '../names.ts';

/** A value as it stands in a text. */
export interface Value {
  start: number;
  end: number;
  quoted: boolean;
  /** Where the next thing begins: behind the closing quote. */
  after: number;
}

export const longestValue = 4_096;
const quote = /(?:[bBuUrRfF]{1,2}(?=["']))?(\\{0,7}["'`]|%22|&quot;|&#34;)/y;
const scheme = /(?:bearer|basic|token|apikey|api-key|digest|negotiate|flyv1|aws4-hmac-sha256)\s{1,3}/iy;

/** Reads the value that begins at `at`: within quotes to the same quote, otherwise to where a value usually ends. */
export function readValue(scan: Scan, at: number): Value | undefined {
  const { text } = scan;
  quote.lastIndex = at;
  const opening = quote.exec(text);
  if (opening === null) return readBare(scan, at);
  const mark = opening[1] ?? '"';
  const from = quote.lastIndex;
  const until = Math.min(text.length, from + longestValue);
  let end = from;
  while (end < until) {
    const c = text.charCodeAt(end);
    if (c === 10 || c === 13 || text.startsWith(mark, end)) break;
    end += c === 92 && mark.length === 1 ? 2 : 1;
  }
  end = Math.min(end, until);
  return { ...withoutScheme(text, from, end), quoted: true, after: end + mark.length };
}

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
  while (end < until && stops[text.charCodeAt(end)] !== 1 && !isEscape(text, end)) end += 1;
  if (!inside) bare.from = begin;
  bare.to = end;
  bare.ended = end < until || end === text.length;
  return end;
}

// A line end or a quote within JSON; a backslash alone may be part of a password.
const isEscape = (text: string, at: number) =>
  text[at] === '\\' && /^\\+["'nrt]/.test(text.slice(at, at + 9));

function withoutScheme(text: string, start: number, end: number): { start: number; end: number } {
  scheme.lastIndex = start;
  return scheme.test(text) && scheme.lastIndex < end ? { start: scheme.lastIndex, end } : { start, end };
}

// What commonly stands behind such a name and is none: words of state, types, and numbers (max_tokens: 4096).
const harmless =
  /^(?:true|false|null|nil|none|undefined|required|optional|missing|invalid|valid|expired|wrong|empty|unset|set|unknown|revoked|rotated|refreshed|hidden|masked|removed|redacted|filtered|secret|password|token|string|text|number|boolean|object|array|bytes|buffer|void|any|str|int|bool|yes|no|on|off|ok|failed|failure|denied|success|successful|enabled|disabled|default|bearer|basic|digest|oauth2?|jwt|not|is|was|has|must|should|cannot|unauthorized|forbidden|rejected|accepted|mismatch|incorrect|absent|present|provided|found|n\/a|nan|unexpected|authentication|authorization|rsa|ed25519|ecdsa|aes|hs256|rs256|es256|sha256|md5|scram-sha-256|publickey|keyboard-interactive|pat|hmac|amd64|arm64|i386|x86_64|all)$/i;
const number = /^[+-]?\d{1,12}(?:\.\d+)?(?:ms|s|m|h|d|kb|mb|%)?$/i;
const path =
  /^(?:\.{0,2}|~)\/(?:[\w.@-]+\/)*[\w.@-]+\.\w{1,8}$|^(?:\.{1,2}|~)\/|^\/(?:bin|etc|home|opt|tmp|usr|var|run|srv|mnt|app|proc|root|Users|secrets?|dev|sys|api|v\d|auth|login|oauth|workspace|builds|github)(?:\/|$)|^[A-Za-z]:\\|^(?:file|https?|wss?|git|s3|gs|arn|urn|vault|op|secretsmanager|projects):(?:\/|\w)/;
// Code: a name, a field of something, a call.
const code = /^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const prose =
  /\b(?:must|should|is|are|was|be|the|a|an|not|no|cannot|can't|for|to|of|has|have|been|failed|expired|field|missing|wrong|incorrect|too|please|your|does|with|and|or|at least|required|invalid)\b/i;
const sentence = /^[A-Za-z0-9',.:;!?()-]+(?: [A-Za-z0-9',.:;!?()-]+){2,}$/;
const resource = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;

// What a value is, its beginning tells.
const mostLooked = 300;

export interface Surroundings {
  /** `=` without white space, as in an environment or an address. */
  tight: boolean;
  /** The name stands at the beginning of its line, as in YAML. */
  alone: boolean;
  next: string;
}

/** Whether a value beside a name of this class is a secret. */
export function isSecretValue(whole: string, quoted: boolean, name: NameClass, near: Surroundings): boolean {
  const value = whole.length > mostLooked ? whole.slice(0, mostLooked) : whole;
  if (value.length < (quoted ? 3 : 4)) return false;
  if (harmless.test(value) || isPlaceholder(value) || isMostlyPlaceholder(value) || path.test(value))
    return false;
  if (number.test(value)) return name.numbers === true && value.length >= 4 && (near.tight || quoted);
  if (!quoted && near.next === '(') return false;
  if (!name.strong) return isKeyLike(value);
  if (name.kind === 'secret' && resource.test(value)) return false;
  if (quoted) return !(sentence.test(value) && prose.test(value));
  if (near.next === '[' || (near.next === '{' && !near.tight)) return false;
  if (looksRandom(value) && !(code.test(value) && !near.tight)) return true;
  return near.tight ? !code.test(value) || value.length > 40 : isLoneWord(value, near);
}

// "password: hunter" in a file; not "invalid token: unexpected end of input".
function isLoneWord(value: string, { alone, next }: Surroundings): boolean {
  if (/[^A-Za-z.,:;!?/-]/.test(value)) return !code.test(value);
  return (
    alone &&
    (next === '' || next === '\n' || next === '\r') &&
    /^[A-Za-z-]+$/.test(value) &&
    value.length >= 6
  );
}

// Between the name of a key and a digest or an id only the name could tell, and it does not.
function isKeyLike(value: string): boolean {
  if (value.length >= mostLooked) return false;
  if (value.length < 20 || /\s/.test(value) || uuid.test(value) || /^[0-9a-f]+$/i.test(value)) return false;
  if (/[:/]/.test(value.slice(0, 12)) || /^[A-Za-z]+(?:[-_.][A-Za-z0-9]+)+$/.test(value)) return false;
  return /^[\w.+/=~-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) > 3.5;
}
