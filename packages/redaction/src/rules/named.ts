import { isAlphanumeric } from '../engine/boundary.ts';
import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';
import { classifyName, type NameClass } from '../names.ts';
import { isSecretValue, readValue } from './value.ts';

const longestLeft = 48;
const longestRight = 40;
const separator =
  /(\\{0,7}["'`]|%22|&quot;)?\]?[ \t]{0,3}(=>|:{1,3}=|\?=|\|\||={1,3}|:(?![:/])|>|,|%3[dD])[ \t]{0,6}/y;
// {"name": "API_TOKEN", "value": "..."}, name: API_TOKEN (next line) value: ..., <add key="Password" value="..." />
const valueField = /\\{0,7}["']?,?\s{0,40}\\{0,7}["']?value\\{0,7}["']?\s{0,3}[:=]\s{0,3}/iy;
const blanks = /[ \t]{1,4}(?![-\s])/y;
const assignedBefore = /(?:name|key|id)\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?$/i;

/**
 * `name=value` in every dress: environment, JSON, YAML, INI, XML, headers, query, flags, code. The name decides, and beside
 * a name that says little the value must look like a key.
 */
export const namedValue: Rule = {
  kinds: [
    'password',
    'secret',
    'token',
    'api-key',
    'secret-key',
    'authorization',
    'cookie',
    'credential',
    'key',
  ],
  keywords: [
    'pass',
    'pwd',
    'pswd',
    'secret',
    'token',
    'key',
    'auth',
    'credential',
    'creds',
    'cookie',
    'jwt',
    'sessid',
    'sessionid',
    'connect.sid',
    'mnemonic',
    '_phrase',
    'kennwort',
    'contrasena',
    'assertion',
    'saml',
    'otp',
    'sonar',
    'accessid',
    'access_id',
    'access-id',
    'sas',
    'contribsys__com',
  ],
  family: 'value',
  find(at, scan) {
    const { text } = scan;
    const end = nameEnd(text, at);
    // The first of the words in a name has it looked at, whole; what goes on and on is no name.
    if (end === scan.nameEnd || isNameCharacter(text.charCodeAt(end))) return undefined;
    scan.nameEnd = end;
    const start = nameStart(text, at);
    const link = linkBehind(text, start, end);
    return link === undefined ? undefined : valueOf(scan, start, end, link);
  },
};

interface Link {
  /** Where the value begins. */
  at: number;
  /** Nothing but a sign stands between. */
  tight: boolean;
  /** White space alone, as behind a flag. */
  blank: boolean;
}

// What stands between a name and its value; nearly always nothing, so that is found out first.
function linkBehind(text: string, start: number, end: number): Link | undefined {
  separator.lastIndex = end;
  const found = separator.exec(text);
  if (found !== null) {
    const sign = found[2] ?? '';
    const at = separator.lastIndex;
    if (isSeparator(text, start, at, sign, found[1] !== undefined)) {
      return { at, tight: !/[ \t]/.test(found[0]) && sign !== ',', blank: false };
    }
  }
  valueField.lastIndex = end;
  if (valueField.test(text) && assignedBefore.test(text.slice(Math.max(0, start - 24), start))) {
    return { at: valueField.lastIndex, tight: true, blank: false };
  }
  blanks.lastIndex = end;
  if (!isFlag(text, start) || !blanks.test(text)) return undefined;
  return { at: blanks.lastIndex, tight: false, blank: true };
}

function valueOf(scan: Scan, start: number, end: number, { at, tight, blank }: Link): Secret | undefined {
  const name = nameOf(scan.text, start, end);
  if (name === undefined || (blank && !name.strong)) return undefined;
  return name.kind === 'cookie' ? cookieOf(scan.text, start, end) : judge(scan, start, at, name, tight);
}

// Names with blanks: "api key: ...", "Secret Access Key = ...".
function nameOf(text: string, start: number, end: number): NameClass | undefined {
  const plain = text.slice(start, end).replace(/^-+/, '');
  const direct = classifyName(plain);
  if (direct?.strong === true || !/^(?:key|token|id|secret)$/i.test(plain)) return direct;
  const before = /([A-Za-z]+ )?[A-Za-z]+ $/.exec(text.slice(Math.max(0, start - 40), start))?.[0] ?? '';
  const joined = classifyName(`${before}${plain}`.replaceAll(' ', '_'));
  return joined?.strong === true ? joined : direct;
}

const isFlag = (text: string, start: number) =>
  text[start] === '-' && /[-A-Za-z]/.test(text[start + 1] ?? '');

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
  if (sign === '>') return named || text[start - 1] === '<';
  return true;
}

function judge(scan: Scan, start: number, at: number, name: NameClass, tight: boolean): Secret | undefined {
  const { text } = scan;
  const value = readValue(scan, at);
  if (value === undefined) return undefined;
  const near = { tight, alone: isAlone(text, start), next: text[value.after] ?? '' };
  if (!isSecretValue(text.slice(value.start, value.end), value.quoted, name, near)) return undefined;
  return {
    lead: start,
    start: value.start,
    end: value.end,
    kind: kindOf(text, value.start, name),
    rank: rankOf.value,
  };
}

// With its scheme in front it is called as it would be without the header.
function kindOf(text: string, start: number, { kind }: NameClass): string {
  if (kind !== 'authorization') return kind;
  const scheme = /(bearer|basic)\s{1,3}$/i
    .exec(text.slice(Math.max(0, start - 12), start))?.[1]
    ?.toLowerCase();
  if (scheme === undefined) return kind;
  return scheme === 'bearer' ? 'bearer' : 'basic-auth';
}

const cookieHead = /\\{0,7}["']?\s{0,3}[:=]\s{0,3}/y;
const cookieQuoted = /\\{0,7}["'`]/y;
// A quoted value within a cookie is part of it; any other quote ends the header.
const cookieBody = /(?:=\\?"[^"\r\n\\]{0,4096}\\?"|[^\r\n"'`\\]|\\(?!["'nrt\\])){1,8192}/y;

// Every value of a cookie header, since nobody knows which of them is the session.
function cookieOf(text: string, start: number, end: number): Secret | undefined {
  cookieHead.lastIndex = end;
  if (!cookieHead.test(text)) return undefined;
  let from = cookieHead.lastIndex;
  cookieQuoted.lastIndex = from;
  if (cookieQuoted.test(text)) from = cookieQuoted.lastIndex;
  cookieBody.lastIndex = from;
  const body = cookieBody.exec(text)?.[0] ?? '';
  if (!/^[\w.%!#$&'*+^`|~-]{1,128}=[^\s;<$*.[]/.test(body)) return undefined;
  return { lead: start, start: from, end: from + body.trimEnd().length, kind: 'cookie', rank: rankOf.value };
}

// The end of a colour is no part of the name behind it.
function withoutColour(text: string, start: number, at: number): number {
  if (text.charCodeAt(start - 1) !== 91 || text.charCodeAt(start - 2) !== 27) return start;
  const m = text.indexOf('m', start);
  return m < 0 || m >= at ? start : m + 1;
}

const isNameCharacter = (c: number) => isAlphanumeric(c) || c === 95 || c === 45 || c === 46;

function nameStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < longestLeft && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  return withoutColour(text, start, at);
}

function nameEnd(text: string, at: number): number {
  let end = at;
  while (end - at < longestRight && isNameCharacter(text.charCodeAt(end))) end += 1;
  return end;
}

function isAlone(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && start - at < 64 && ' \t-"\'#'.includes(text[at] ?? '')) at -= 1;
  return at < 0 || text[at] === '\n' || text[at] === '\r';
}

/** What a text that ends here leaves open: a name whose value may stand on the next line. */
export const openName =
  /(?:name|key|id)\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?[\w.-]{1,90}\\{0,7}["']?,?\s{0,40}$/i;
