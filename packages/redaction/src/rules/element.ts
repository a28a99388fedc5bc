import { isAlphanumeric } from '../engine/boundary.ts';
import type { Scan } from '../engine/rule.ts';
import { looksLikeWords } from '../engine/entropy.ts';
import { openAt, trimmed, type Value } from './value.ts';

// <ns:Password>, <password type="plain">, <entry key="password">, &lt;password&gt;
const opening = /(?:<|&lt;)(?:[\w.-]{1,40}:)?$/;
const attribute = /(?:name|key|id|for|field|property|code)=\\{0,3}["']$/i;
const tagEnd = /\\{0,3}["']?(?:\s[^<>\r\n]{0,200})?(>|&gt;)/y;
const nextElement = /<\/[\w.:-]{1,40}>\s{0,40}<[\w.:-]{1,40}>/y;
const openNext = /^<(?:\/(?:[\w.:-]{1,40}(?:>\s{0,40}(?:<[\w.:-]{0,40})?)?)?)?$/;
const inner = /\s{0,40}<(?:[\w-]{1,20}:)?(?:value|string)>/iy;
const character = /\s{0,40}<!\[CDATA\[/y;
const valueAttribute = /\s(?:value|val|content|data)\s{0,2}=\s{0,2}\\{0,3}(["'])/i;
// Elements for people: what they hold is a label.
const forPeople =
  /<(?:label|a|button|option|th|h\d|legend|summary|span|p|div|li|input|select)\s[^<>]{0,120}$/i;
const longestText = 2_000;

/** The value of an element that is named after it, or by an attribute: <password>...</password>. */
export function elementValue(scan: Scan, start: number, end: number): Value | undefined {
  const { text } = scan;
  const before = text.slice(Math.max(0, start - 48), start);
  if (before.endsWith('>')) {
    nextElement.lastIndex = end;
    if (!nextElement.test(text)) {
      if (text.length - end < 120 && openNext.test(text.slice(end))) openAt(scan, start);
      return undefined;
    }
    return textOf(scan, start, nextElement.lastIndex, '<');
  }
  const named = attribute.test(before);
  if (!named && !opening.test(before)) return undefined;
  tagEnd.lastIndex = end;
  const tag = tagEnd.exec(text);
  if (tag === null) {
    if (text.length - end < 240 && text.indexOf('>', end) < 0 && text[end] !== '=') openAt(scan, start);
    return undefined;
  }
  const inTag = named ? null : valueAttribute.exec(tag[0]);
  if (inTag !== null) return attributeValue(text, end + inTag.index + inTag[0].length, inTag[1] ?? '"');
  if (tag[0].endsWith('/>')) return undefined;
  const value = textOf(scan, start, tagEnd.lastIndex, tag[1] === '>' ? '<' : '&lt;');
  if (value === undefined || !named) return value;
  const label = forPeople.test(text.slice(Math.max(0, start - 160), start));
  return label || looksLikeWords(text.slice(value.start, value.end)) ? undefined : value;
}

// Nearly always not, so that is found out first.
export function mayBeElement(text: string, start: number, end: number): boolean {
  switch (text.charCodeAt(start - 1)) {
    case 60: // <
      return true;
    case 62: // >
      return text.charCodeAt(end) === 60 || end === text.length;
    case 59: // ; of &lt;
      return text.charCodeAt(start - 2) === 116;
    case 58: // : of a namespace
      return isAlphanumeric(text.charCodeAt(start - 2));
    case 34:
    case 39: {
      const c = text.charCodeAt(start - 2);
      return c === 61 || c === 92;
    }
    default:
      return false;
  }
}

function textOf(scan: Scan, lead: number, from: number, close: string): Value | undefined {
  const { text } = scan;
  inner.lastIndex = from;
  const opened = inner.test(text) ? inner.lastIndex : from;
  character.lastIndex = opened;
  const data = character.test(text);
  const begin = data ? character.lastIndex : opened;
  const limit = Math.min(text.length, begin + longestText);
  const stop = text.slice(begin, limit).indexOf(data ? ']]>' : close);
  if (stop < 0) {
    if (limit === text.length) openAt(scan, lead);
    return undefined;
  }
  const { start, end } = trimmed(text, begin, begin + stop);
  if (start === end || text.slice(start, end).includes('\n')) return undefined;
  return { start, end, quoted: true, after: end };
}

function attributeValue(text: string, from: number, mark: string): Value | undefined {
  const stop = text.slice(from, from + longestText).indexOf(mark);
  if (stop <= 0) return undefined;
  return { start: from, end: from + stop, quoted: true, after: from + stop + 1 };
}
