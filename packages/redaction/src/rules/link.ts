import { isAlphanumeric } from '../engine/boundary.ts';
import { quoteMark } from './value.ts';

/** What leads from a name to its value. */
export interface Link {
  /** Where the value begins. */
  at: number;
  /** Nothing but a sign stands between. */
  tight: boolean;
  /** White space alone, as behind a flag. */
  blank: boolean;
  /** As it is written: `=`, `:`, `==`. */
  sign: string;
}

const separator = new RegExp(
  `(${quoteMark})?(?:\\]|\\[\\w{0,8}\\])?[ \\t]{0,3}(=>|:{1,3}=|!={1,2}|\\?\\?=?|\\?[=:]|\\|\\|=?|\\+?={1,3}|<-|->(?=[ \\t]{0,3}["'])|:(?![:/])|&gt;|>|,|%3[aAdD]|\\\\{1,8}u003[aAdD])[ \\t]{0,6}`,
  'y',
);
// {"name": "API_TOKEN", "value": "..."}, name: API_TOKEN (next line) value: ..., <add key="Password" value="..." />
const valueField = /\\{0,7}["']?,?\s{0,40}\\{0,7}["']?value\\{0,7}["']?\s{0,3}[:=]\s{0,3}/iy;
const assignedBefore = /(?:name|key|id)\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?$/i;
const blanks = /\\{0,7}["']?[ \t]{1,4}(?![-\s=])/y;
// set -x NAME value, setx, setenv, ENV NAME value, aws configure set name value, SetEnv, proxy_set_header
const setter =
  /(?:^|[\s;&|"'(@])(?:set(?:[ \t]{1,3}-{1,2}[\w-]{1,12}){1,3}|setx(?:[ \t]{1,2}\/\w)?|setenv|SetEnv|ENV|ARG|export|git config(?: --\w{1,8})?|set|(?:proxy_)?set_header|add_header|fastcgi_param|set-variable|def|setq|define|put|hset|--(?:header|env|build-arg|set|from-literal))[ \t]{1,3}["']?$/;
// A type between the name and the sign: password string = "...", password: &str = "...".
const typed =
  /[ \t]{0,3}(?::[ \t]{0,3})?(?:[&*]|\[\])?(?:'\w{1,12}[ \t])?[A-Za-z][\w.:<>[\]|?&, ]{0,60}?(?:\[\])?[ \t]{0,3}:?=(?![=~])[ \t]{0,3}(?=[@$&]?[A-Za-z]{0,2}["'`])/y;

const comma = 44;
// With what else it can begin.
const leads = new Uint8Array(128);
for (const lead of Array.from(' \t\r\n"\'`\\%&[]=:|!?+<>')) leads[lead.charCodeAt(0)] = 1;

// What stands between a name and its value; nearly always nothing, so that is found out first.
export function linkBehind(text: string, start: number, end: number): Link | undefined {
  const c = text.charCodeAt(end);
  if (c === 32 && isFollowedByWord(text, end)) return blankLink(text, start, end);
  if (c === comma) return fieldBehind(text, start, end);
  if (c < 128 && leads[c] !== 1) return undefined;
  separator.lastIndex = end;
  const found = separator.exec(text);
  if (found !== null) {
    const sign = found[2] ?? '';
    const at = separator.lastIndex;
    if (isSeparator(text, start, at, sign, found[1] !== undefined)) {
      return { at, tight: !/[ \t]/.test(found[0]) && sign !== ',', blank: false, sign };
    }
  }
  return fieldBehind(text, start, end) ?? blankLink(text, start, end);
}

function fieldBehind(text: string, start: number, end: number): Link | undefined {
  valueField.lastIndex = end;
  if (!valueField.test(text) || !assignedBefore.test(text.slice(Math.max(0, start - 24), start)))
    return undefined;
  return { at: valueField.lastIndex, tight: true, blank: false, sign: '=' };
}

// As in a sentence.
function isFollowedByWord(text: string, end: number): boolean {
  return isAlphanumeric(text.charCodeAt(end + 1)) && isAlphanumeric(text.charCodeAt(end + 2));
}

function blankLink(text: string, start: number, end: number): Link | undefined {
  blanks.lastIndex = end;
  if (!blanks.test(text)) return undefined;
  const at = blanks.lastIndex;
  if (isFlag(text, start)) return { at, tight: false, blank: true, sign: '-' };
  return isSet(text, start) ? { at, tight: false, blank: true, sign: 'set' } : undefined;
}

/** The same for a type that stands where a value was looked for. */
export function linkBehindType(text: string, end: number): Link | undefined {
  if (!mayBeTyped(text, end)) return undefined;
  typed.lastIndex = end;
  return typed.test(text) ? { at: typed.lastIndex, tight: false, blank: false, sign: '=' } : undefined;
}

/** A colon or white space, and a sign soon. */
export function mayBeTyped(text: string, end: number): boolean {
  const c = text.charCodeAt(end);
  return (c === 58 || c === 32) && text.slice(end, end + 90).includes('=');
}

const isFlag = (text: string, start: number) =>
  text[start] === '-' && /[-A-Za-z]/.test(text[start + 1] ?? '');

// Most names in a text follow another word: of what may end a setter only a few letters do.
function isSet(text: string, start: number): boolean {
  // {:password "..."}
  if (text[start - 1] === ':' && text[start - 2] !== ':')
    return /^[A-Za-z-]{3,40} "/.test(text.slice(start, start + 42));
  const quoted = text[start - 1] === '"' || text[start - 1] === "'" ? 1 : 0;
  let at = start - 1 - quoted;
  if (text[at] !== ' ' && text[at] !== '\t') return false;
  while (at > 0 && start - at < 5 && (text[at] === ' ' || text[at] === '\t')) at -= 1;
  if (!'txvVTGUMhklremdgqSsfn'.includes(text[at] ?? '-')) return false;
  return setter.test(text.slice(Math.max(0, start - 48), start));
}

function isSeparator(text: string, start: number, after: number, sign: string, named: boolean): boolean {
  // A part of a resource's name, as in arn:aws:secretsmanager:eu-west-1:123456789012:secret:db.
  if (sign === ':' && text[start - 1] === ':' && /[a-z0-9]:$/.test(text.slice(start - 2, start)))
    return text[after - 1] === ' ';
  // ("password", "...") and ["authorization", "..."], but not {"field":"password","message":"..."}.
  if (sign === ',') {
    return (
      named &&
      /[([{]\s{0,2}\\{0,7}["'`]$/.test(text.slice(Math.max(0, start - 12), start)) &&
      /["'`\\]/.test(text[after] ?? '')
    );
  }
  return sign !== '>' && sign !== '&gt;';
}
