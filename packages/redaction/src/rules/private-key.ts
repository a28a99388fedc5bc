import { rankOf, type Rule } from '../engine/rule.ts';

const header = /-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----/y;
const footer = /-----END[ A-Z0-9_-]{0,60}?PRIVATE KEY(?: BLOCK)?-----/y;
// What stands between: line ends (also written as \n, as often as somebody escaped it), indents, marks of mail and comments,
// fields of old headers, and base64.
const between = /(?:\s|\\{1,8}[nrt]|\\\r?\n|[>#*|"'+,] ?)+/y;
const field = /(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|MessageID): ?[^\r\n\\]{0,200}/y;
const run = /(?:[A-Za-z0-9+/=_]|-(?!--)){1,4096}/y;
// Of four lines less than that is left of a key that was cut off; "anything" is not one.
const leastBody = 24;
// An RSA key of 16384 bits has 13 kB, a PGP block with several keys more.
const longestKey = 32_768;
const fullLine = 40;
// Lines of that length may also be full, if the first one is no longer.
const shortLine = /^[A-Za-z0-9+/=_-]{16,}$/;

/** PEM and PGP private keys, whole, cut off, or on one line of JSON. */
export const privateKey: Rule = {
  kinds: ['private-key'],
  keywords: ['-----begin'],
  family: 'token',
  find(at, { text }) {
    header.lastIndex = at;
    if (!header.test(text)) return undefined;
    const { end, body } = keyEnd(text, header.lastIndex, at + longestKey);
    if (body < leastBody) return undefined;
    return { lead: at, start: at, end, kind: 'private-key', rank: rankOf.block };
  },
};

function keyEnd(text: string, from: number, limit: number): { end: number; body: number } {
  let at = from;
  let end = from;
  let body = 0;
  let last = fullLine;
  let full = fullLine;
  let prefix: string | undefined;
  let skipped = 0;
  while (at < limit) {
    const gap = step(between, text, at);
    footer.lastIndex = gap;
    if (footer.test(text)) return { end: footer.lastIndex, body };
    const afterField = step(field, text, gap);
    if (afterField > gap) {
      at = afterField;
      continue;
    }
    const next = step(run, text, gap);
    const line =
      gap > at || next === gap
        ? linePrefixed(text, at, prefix, body === 0 && skipped < mostFields)
        : undefined;
    if (line !== undefined && (line.footer || last >= full)) {
      prefix = line.prefix ?? prefix;
      if (line.footer) return { end: line.end, body };
      if (line.end === line.start) skipped += 1;
      body += line.end - line.start;
      last = line.end - line.start || fullLine;
      at = line.end;
      end = line.end;
      continue;
    }
    // A line is followed by another only if it was full: after the end of what is left comes other text.
    if (next === gap || (gap > at && last < full) || text.startsWith('-----', gap)) break;
    last = gap > at ? next - gap : last + next - gap;
    if (last < full && !isTail(text, next)) break;
    if (body === 0 && last < full && shortLine.test(text.slice(gap, next))) full = last;
    body += next - gap;
    at = next;
    end = next;
  }
  return { end, body };
}

const newline = /\r?\n/y;
const prefixed = /^(.{0,199}[\s:\]|>])([A-Za-z0-9+/=_-]{1,4096})[ \t"',;]{0,4}$/;
const oldField = /(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|MessageID): ?.{0,200}$/;
// Each header looks at so many lines that are not of a key, and no more: a text may be nothing but headers.
const mostFields = 6;
const longestLine = 4_400;

/**
 * The next line, when something stands before each of them: the time and level of a log, the margin of a test's report. The first
 * such line has to be a full one; the others have the same before them, but for numbers.
 */
function linePrefixed(
  text: string,
  at: number,
  known: string | undefined,
  first: boolean,
): { prefix?: string; start: number; end: number; footer: boolean } | undefined {
  const begin = step(newline, text, at);
  if (begin === at) return undefined;
  const stop = text.indexOf('\n', begin);
  const until = stop === -1 ? text.length : stop;
  if (until - begin > longestLine) return undefined;
  const line = text.slice(begin, until).replace(/\r$/, '');
  const dashes = line.indexOf('-----END');
  const header = line.indexOf('-----BEGIN');
  // Another key begins here; one behind the end of this one is no matter.
  if (header >= 0 && (dashes < 0 || header < dashes)) return undefined;
  if (dashes > 0) {
    footer.lastIndex = begin + dashes;
    const shape = shapeOf(line.slice(0, dashes));
    if (footer.test(text) && (known === undefined || known === shape))
      return { prefix: shape, start: begin + dashes, end: footer.lastIndex, footer: true };
    return undefined;
  }
  // Fields of an old header, and the empty line behind them.
  if (first && (oldField.test(line) || (line.length < fullLine && !shortLine.test(line))))
    return { start: until, end: until, footer: false };
  const [, before = '', rest = ''] = prefixed.exec(line) ?? [];
  if (rest === '') return undefined;
  const prefix = shapeOf(before);
  if (known === undefined ? rest.length < fullLine : known !== prefix) return undefined;
  const start = begin + before.length;
  return { prefix, start, end: start + rest.length, footer: false };
}

// Numbers grow, and are written with blanks in front so that their ends are below each other.
const shapeOf = (prefix: string) => prefix.replaceAll(/(?<![ \t])[ \t]*\d+/g, '0');

// The last line of a key is short, and nothing but the end of a line or of a string stands behind it.
const isTail = (text: string, at: number) => at >= text.length || /[\s"'\\<,;)}\]-]/.test(text[at] ?? '');

function step(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}
