import { badRequest } from './api-error.ts';
import { isKnownTag } from './html-tags.ts';

/** What stands at one place of an HTML text. */
export type HtmlPiece =
  | { type: 'text'; text: string; next: number }
  | { type: 'start'; tag: string; attributes: ReadonlyMap<string, string>; next: number }
  | { type: 'end'; tag: string; next: number };

const namedCharacters: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
};
const character = /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));?/iy;
const space = /\s*/y;
const plain = /[^<&]+/y;

/**
 * Reads the piece that starts at `at`, by the rules of Telegram's own HTML parser.
 *
 * @throws BotApiError 400 `can't parse entities: ...` with the offset in bytes, as Telegram counts
 */
export function scanHtml(source: string, at: number): HtmlPiece {
  if (source[at] === '<') {
    return source[at + 1] === '/' ? scanEndTag(source, at) : scanStartTag(source, at);
  }
  if (source[at] === '&') {
    const decoded = decodeCharacter(source, at);
    return { type: 'text', text: decoded?.text ?? '&', next: decoded?.next ?? at + 1 };
  }
  const text = match(plain, source, at);
  return { type: 'text', text, next: at + text.length };
}

/** `can't parse entities: <what> at byte offset <n>`. */
export function entityError(what: string, source: string, at: number): Error {
  const offset = Buffer.byteLength(source.slice(0, at), 'utf8');
  return badRequest(`can't parse entities: ${what} at byte offset ${offset}`);
}

function scanEndTag(source: string, at: number): HtmlPiece {
  const name = match(/[^\s>]*/y, source, at + 2);
  const close = skipSpace(source, at + 2 + name.length);
  if (source[close] !== '>') throw entityError('Unclosed end tag', source, at);
  return { type: 'end', tag: name.toLowerCase(), next: close + 1 };
}

function scanStartTag(source: string, at: number): HtmlPiece {
  const name = match(/[^\s>]*/y, source, at + 1);
  const tag = name.toLowerCase();
  if (at + 1 + name.length >= source.length) throw entityError('Unclosed start tag', source, at);
  if (!isKnownTag(tag)) throw entityError(`Unsupported start tag "${tag}"`, source, at);
  const attributes = new Map<string, string>();
  let next = skipSpace(source, at + 1 + name.length);
  while (source[next] !== '>') {
    if (next >= source.length) throw entityError('Unclosed start tag', source, at);
    const attribute = scanAttribute(source, next, tag, at);
    attributes.set(attribute.name, attribute.value);
    next = skipSpace(source, attribute.next);
  }
  return { type: 'start', tag, attributes, next: next + 1 };
}

function scanAttribute(source: string, at: number, tag: string, tagAt: number) {
  const name = match(/[^\s=>]*/y, source, at);
  if (name === '') {
    throw entityError(`Empty attribute name in the tag "${tag}"`, source, tagAt);
  }
  const equals = skipSpace(source, at + name.length);
  if (source[equals] !== '=') {
    if (tag === 'blockquote' && name === 'expandable') return { name, value: '', next: equals };
    const what = `Expected equal sign in declaration of an attribute of the tag "${tag}"`;
    throw entityError(what, source, tagAt);
  }
  return { name, ...scanValue(source, skipSpace(source, equals + 1), tagAt) };
}

function scanValue(source: string, at: number, tagAt: number) {
  const quote = source[at];
  if (quote !== '"' && quote !== "'") {
    const token = match(/[a-z0-9.-]*/iy, source, at);
    const next = at + token.length;
    if (next < source.length && !/[\s>]/.test(source.charAt(next))) {
      throw entityError('Unexpected end of name token', source, at);
    }
    return { value: token.toLowerCase(), next };
  }
  const end = source.indexOf(quote, at + 1);
  if (end === -1) throw entityError('Unclosed start tag', source, tagAt);
  return { value: decodeAll(source.slice(at + 1, end)), next: end + 1 };
}

function decodeAll(text: string): string {
  let decoded = '';
  let at = 0;
  while (at < text.length) {
    const found = text[at] === '&' ? decodeCharacter(text, at) : undefined;
    decoded += found?.text ?? text.charAt(at);
    at = found?.next ?? at + 1;
  }
  return decoded;
}

// An unknown name stays as it was written.
function decodeCharacter(source: string, at: number) {
  character.lastIndex = at;
  const found = character.exec(source);
  if (!found) return undefined;
  const [whole, hex, decimal, name] = found;
  const text = name === undefined ? fromCodePoint(hex, decimal) : namedCharacters[name];
  return text === undefined ? undefined : { text, next: at + whole.length };
}

function fromCodePoint(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code === 0 || code >= 0x10ffff ? undefined : String.fromCodePoint(code);
}

function match(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}

function skipSpace(source: string, at: number): number {
  return at + match(space, source, at).length;
}
