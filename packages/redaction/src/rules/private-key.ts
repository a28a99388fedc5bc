import { rankOf, type Rule } from '../engine/rule.ts';

const header = /-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----/y;
const footer = /-----END[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----/y;
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
    // A line is followed by another only if it was full: after the end of what is left comes other text.
    if (next === gap || (gap > at && last < fullLine) || text.startsWith('-----', gap)) break;
    last = gap > at ? next - gap : last + next - gap;
    if (last < fullLine && !isTail(text, next)) break;
    body += next - gap;
    at = next;
    end = next;
  }
  return { end, body };
}

// The last line of a key is short, and nothing but the end of a line or of a string stands behind it.
const isTail = (text: string, at: number) => at >= text.length || /[\s"'\\<,;)}\]-]/.test(text[at] ?? '');

function step(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}
