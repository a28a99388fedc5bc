import { isAlphanumeric } from '../engine/boundary.ts';
import { looksSecret } from '../engine/entropy.ts';
import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';
import { classifyName, type NameClass } from '../names.ts';
import { authorizationOf } from './authorization.ts';
import { itemsBelow, valueBelow, valueWithin } from './blocks.ts';
import { cookieOf } from './cookie.ts';
import { inConnection, onLine } from './connection-string-values.ts';
import { elementValue, mayBeElement } from './element.ts';
import { linkBehind, linkBehindType, mayBeTyped, type Link } from './link.ts';
import { listed, undressed } from './value-start.ts';
import { isSecretValue } from './secret-value.ts';
import { readValue, type Value } from './value.ts';

const longestLeft = 48;
const longestRight = 40;

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
    'bearer',
    'sessid',
    'sessionid',
    'connect.sid',
    'mnemonic',
    'phrase',
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
    const element = mayBeElement(text, start, end);
    const other = mayBeElsewhere(text, start, end);
    if (link === undefined && !element && !other) return undefined;
    const name = nameOf(text, start, end);
    if (name === undefined) return undefined;
    const inElement = element && name.strong ? elementValue(scan, start, end) : undefined;
    if (inElement !== undefined) return judge(scan, start, inElement, name, elementLink);
    const found = link === undefined ? undefined : valueOf(scan, { start, end }, link, name);
    if (found !== undefined || (link !== undefined && isRedactedAt(text, link.at))) return found;
    return other && name.strong ? withinOrTyped(scan, start, end, name) : undefined;
  },
};

// Its value was found before, perhaps behind a scheme: nothing further on the line is the value in its place.
const redacted = /(?:[A-Za-z][\w-]{0,40}[ \t]{1,3})?\[redacted/y;

function isRedactedAt(text: string, at: number): boolean {
  redacted.lastIndex = at;
  return redacted.test(text);
}

const elementLink: Link = { at: 0, tight: true, blank: false, sign: '>' };

function valueOf(
  scan: Scan,
  { start, end }: { start: number; end: number },
  link: Link,
  name: NameClass,
): Secret | Secret[] | undefined {
  if ((link.blank && !name.strong) || scan.text.startsWith('[redacted', link.at)) return undefined;
  if (name.kind === 'cookie') return cookieOf(scan.text, start, end);
  if (name.kind === 'authorization' && link.sign !== ',' && !isCompared(link)) {
    return authorizationOf(scan, start, link.at);
  }
  const below = name.strong ? valueBelow(scan, start, link.at) : undefined;
  if (below !== undefined) return judge(scan, start, below, name, { ...link, tight: true });
  const items = mayBeListed(name) ? itemsBelow(scan, start, link.at) : [];
  if (items.length > 0) return secretsInList(scan, start, items, name, link);
  const at = undressed(scan.text, link.at, name.strong);
  if (scan.text.startsWith('[redacted', at)) return undefined;
  const whole = inConnection(scan.text, start, at, link);
  if (whole !== undefined) return judge(scan, start, whole, name, elementLink);
  if (scan.text[at] === '[') {
    return mayBeListed(name) ? secretsInList(scan, start, listed(scan, at), name, link) : undefined;
  }
  const value = onLine(scan.text, at, link, isAlone(scan.text, start)) ?? readValue(scan, at);
  return value === undefined ? undefined : judge(scan, start, value, name, link);
}

const mayBeListed = ({ strong, several }: NameClass) => strong || several === true;

function secretsInList(
  scan: Scan,
  start: number,
  values: readonly Value[],
  name: NameClass,
  link: Link,
): Secret[] | undefined {
  const found = values.flatMap((value) => {
    // Without quotes it may be an index, or a list of variables; of several it may be one of names.
    const sure = value.quoted && name.several !== true;
    if (!sure && !looksSecret(scan.text.slice(value.start, value.end))) return [];
    return judge(scan, start, value, { ...name, strong: true }, link) ?? [];
  });
  return found.length === 0 ? undefined : found;
}

// Behind a brace, or behind a type.
function mayBeElsewhere(text: string, start: number, end: number): boolean {
  if (!' \t"\'\\:=('.includes(text[end] ?? '-')) return false;
  const may = text[end] === '(' || mayBeTyped(text, end) || text.slice(end, end + 12).includes('{');
  return may && classifyName(text.slice(start, end))?.strong === true;
}

// variable "db_password" { default = "..." }; password: str = "..."
function withinOrTyped(scan: Scan, start: number, end: number, name: NameClass): Secret | undefined {
  if (scan.text[end] === '(') return givenTo(scan, start, end, name);
  const within = valueWithin(scan, start, end);
  if (within !== undefined) return judge(scan, start, within, name, elementLink);
  const link = linkBehindType(scan.text, end);
  const value = link === undefined ? undefined : readValue(scan, undressed(scan.text, link.at, true));
  return link === undefined || value?.quoted !== true ? undefined : judge(scan, start, value, name, link);
}

const setter = /(?:^|\.)(?:set_?|with_?)?(?:[a-z]{1,12}_?)?(?:pass|pwd|secret|token|api|key|auth)[\w]*$/i;
const asks =
  /(?:^|\.)(?:get|fetch|load|read|find|create|make|new|parse|verify|validate|check|decode|is|has|on|use|delete|remove|build|generate|expect)[_A-Z]/;

// builder.password("..."), setApiKey("...")
function givenTo(scan: Scan, start: number, end: number, name: NameClass): Secret | undefined {
  const method = scan.text.slice(start, end);
  if (!/\.|^(?:set|with)/.test(method) || asks.test(method) || !setter.test(method)) return undefined;
  const value = readValue(scan, undressed(scan.text, end + 1, true));
  if (value?.quoted !== true || !looksSecret(scan.text.slice(value.start, value.end))) return undefined;
  return judge(scan, start, value, name, elementLink);
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

const isCompared = ({ sign }: Link) => /^[=!]=/.test(sign);

function judge(scan: Scan, start: number, value: Value, name: NameClass, link: Link): Secret | undefined {
  const { text } = scan;
  const next = text[value.after] ?? '';
  const alone = isAlone(text, start);
  const near = {
    tight: link.tight,
    alone,
    argument: !value.quoted && (next === ',' || next === ')') && (alone || isArgument(text, start)),
    compared: isCompared(link),
    sign: link.sign,
    next,
  };
  const whole = text.slice(value.start, value.end);
  if (!isSecretValue(whole, value.quoted, name, near)) return undefined;
  if (
    link.sign === 'set' &&
    !looksSecret(whole) &&
    !/^[A-Z][A-Z\d_]+$/.test(text.slice(start, value.start).split(/[^\w]/)[0] ?? '')
  )
    return undefined;
  return { lead: start, start: value.start, end: value.end, kind: name.kind, rank: rankOf.value };
}

// Behind the bracket of a call: connect(user=user, password=entered).
function isArgument(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 120), start);
  const open = before.lastIndexOf('(');
  return (
    open > 0 &&
    open > before.lastIndexOf(')') &&
    /[\w\]>]/.test(before[open - 1] ?? '') &&
    !before.includes('\n', open)
  );
}

const isNameCharacter = (c: number) => isAlphanumeric(c) || c === 95 || c === 45 || c === 46;

function nameStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < longestLeft && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  return start;
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
