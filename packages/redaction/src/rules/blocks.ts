import type { Scan } from '../engine/rule.ts';
import { openAt, readValue, trimmed, type Value } from './value.ts';

const blockHead = /[|>][-+]?\d?[-+]?[ \t]{0,3}(?:#[^\r\n]{0,100})?\r?\n/y;
const lineEnd = /[ \t]{0,8}[\\(]?[ \t]{0,4}\r?\n/y;
const line = /([ \t]{0,200})([^\r\n]{0,4096})(?:\r?\n|\r?$|(?<=[^\r\n]{4096}))/y;
const longestBlock = 8_192;
const longestIndent = 64;

/** A value on the lines below its name: a block of YAML, or a value that begins on the next line. */
export function valueBelow(scan: Scan, start: number, at: number): Value | undefined {
  const { text } = scan;
  const c = text.charCodeAt(at);
  if (c === 124 || c === 62) {
    blockHead.lastIndex = at;
    if (blockHead.test(text)) return readBlock(scan, start, blockHead.lastIndex);
    if (text.length - at < 8 && /^[|>][-+\d]*\s*$/.test(text.slice(at))) openAt(scan, start);
    return undefined;
  }
  if (c === 60) return readHeredoc(scan, start, at);
  if (at >= text.length) return void openAt(scan, start);
  if (!'\\(\r\n'.includes(text[at] ?? '')) return undefined;
  lineEnd.lastIndex = at;
  return lineEnd.test(text) ? readNextLine(scan, start, lineEnd.lastIndex) : undefined;
}

const heredocHead = /<<[-~]?["']?([A-Za-z]\w{0,30})["']?[ \t]{0,8}\r?\n/y;

// <<EOT ... EOT, as HCL and shells have it.
function readHeredoc(scan: Scan, start: number, at: number): Value | undefined {
  const { text } = scan;
  heredocHead.lastIndex = at;
  const word = heredocHead.exec(text)?.[1];
  if (word === undefined) {
    if (text.length - at < 40 && /^<(?:<[-~]?["']?\w*["']?\s*)?$/.test(text.slice(at))) openAt(scan, start);
    return undefined;
  }
  const from = heredocHead.lastIndex;
  const window = text.slice(from, from + longestBlock);
  const close = new RegExp(`^[ \\t]*${word}\\b`, 'm').exec(window)?.index;
  if (close === undefined && from + longestBlock >= text.length) openAt(scan, start);
  const span = trimmed(text, from, from + (close ?? 0));
  return span.start === span.end ? undefined : { ...span, quoted: true, after: span.end };
}

// Lines that are further to the right than the name.
function readBlock(scan: Scan, start: number, from: number): Value | undefined {
  const { text } = scan;
  const indent = indentOf(text, start);
  let at = from;
  let end = from;
  while (at < text.length && at - from < longestBlock) {
    line.lastIndex = at;
    const match = line.exec(text);
    if (match === null || line.lastIndex === at) break;
    const blank = (match[2] ?? '') === '';
    if (!blank && (match[1] ?? '').length <= indent) break;
    at = line.lastIndex;
    if (!blank) end = at;
  }
  if (at >= text.length) openAt(scan, start);
  const span = trimmed(text, from, Math.min(end, from + longestBlock));
  return span.start === span.end ? undefined : { ...span, quoted: true, after: span.end };
}

// Quoted, or alone on its line; `"name": ...` on the next line is another pair.
function readNextLine(scan: Scan, start: number, from: number): Value | undefined {
  const { text } = scan;
  line.lastIndex = from;
  const [, space = '', rest = ''] = line.exec(text) ?? [];
  const whole = line.lastIndex < text.length || (from < text.length && text.endsWith('\n'));
  if (!whole) openAt(scan, start);
  if (space.length <= indentOf(text, start) || rest === '') return undefined;
  const value = readValue(scan, from + space.length);
  if (value === undefined) return undefined;
  const behind = text.slice(value.after, value.after + 3);
  if (value.quoted) return /^\s{0,2}[:=]/.test(behind) ? undefined : value;
  const plain = /^(?=.*\d)(?=.*[A-Za-z])[^\s:#]+$/.test(rest.slice(0, 300)) && !rest.startsWith('-');
  return plain ? value : undefined;
}

const emptyEnd = /[ \t]{0,8}(?:#[^\r\n]{0,100})?\r?\n/y;
const itemHead = /([ \t]{0,64})-[ \t]{1,8}/y;
const mostItems = 64;

/** The items of a list of YAML on the lines below its name; none of those that are pairs. */
export function itemsBelow(scan: Scan, start: number, at: number): Value[] {
  const { text } = scan;
  emptyEnd.lastIndex = at;
  if (!emptyEnd.test(text)) return [];
  const indent = indentOf(text, start);
  const items: Value[] = [];
  let next = emptyEnd.lastIndex;
  for (let looked = 0; looked < mostItems; looked += 1) {
    if (next >= text.length || /^[ \t]{0,64}-?$/.test(text.slice(next, next + 80))) {
      // The next one may be on its way.
      openAt(scan, start);
      break;
    }
    itemHead.lastIndex = next;
    const head = itemHead.exec(text);
    if (head === null || (head[1] ?? '').length < indent) break;
    const value = readValue(scan, itemHead.lastIndex);
    line.lastIndex = next;
    line.test(text);
    if (value !== undefined && !/^\s{0,2}[:=]/.test(text.slice(value.after, value.after + 3)))
      items.push(value);
    if (line.lastIndex <= next) break;
    next = line.lastIndex;
  }
  return items;
}

/** How far from the left the line of a place begins. */
function indentOf(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - longestIndent), at);
  const begin = before.lastIndexOf('\n') + 1;
  return /^[ \t]*(?:- )?/.exec(before.slice(begin))?.[0].length ?? 0;
}

const braces = /\\{0,7}["']?[ \t]{0,3}(?:[:=]>?[ \t]{0,3})?\{/y;
const field =
  /(?:^|[\s,{])\\{0,7}["']?(?:default|value|plaintext|stringValue|S)\\{0,7}["']?\s{0,20}[:=]\s{0,3}/i;
const longestObject = 600;

/** The default or the value of a thing that has the name: variable "db_password" { default = "..." }. */
export function valueWithin(scan: Scan, start: number, end: number): Value | undefined {
  const { text } = scan;
  if (!text.slice(end, end + 12).includes('{')) return undefined;
  braces.lastIndex = end;
  if (!braces.test(text)) return undefined;
  const from = braces.lastIndex;
  const window = text.slice(from, from + longestObject);
  const close = window.indexOf('}');
  if (close < 0 && from + longestObject >= text.length) openAt(scan, start);
  const inner = close < 0 ? window : window.slice(0, close);
  const match = field.exec(inner);
  if (match === null) return undefined;
  const value = readValue(scan, from + match.index + match[0].length);
  return value?.quoted === true ? value : undefined;
}
