import { looksLikeWords } from '../engine/entropy.ts';
import type { Link } from './link.ts';
import type { Value } from './value.ts';

// Server=db;Uid=sa;
const pairBefore = /[A-Za-z][\w .]{0,30}=(?:\{[^{}]{0,80}\}|[^;"'\r\n]{0,80});[ ]?(?:[A-Za-z]+ )?$/;
const pairBehind = /^\{[^{}"'\r\n]{1,256}\};[ ]?[A-Za-z][\w ]{0,40}=/;
const braced = /\{((?:[^}\r\n]|\}\}){1,256})\}(?=[;"'\s]|$)/y;
const pairNext = /[^;"'`\r\n{][^;"'`\r\n]{0,255}(?=;[ ]?[A-Za-z][\w ]{0,40}=)/y;

/**
 * The value of a pair in a connection string of ODBC, ADO or JDBC, as far as it differs from others: in braces, or with white space
 * and brackets up to the semicolon.
 */
export function inConnection(text: string, start: number, at: number, link: Link): Value | undefined {
  if (!link.tight || link.sign !== '=') return undefined;
  const brace = text[at] === '{';
  const before = text[start - 1];
  if (before !== ';' && !brace && !(before === ' ' && /[;a-z]/.test(text[start - 2] ?? ''))) return undefined;
  if (!brace && !text.slice(Math.max(0, start - 12), start).includes(';')) return undefined;
  if (
    !pairBefore.test(text.slice(Math.max(0, start - 120), start)) &&
    !(brace && pairBehind.test(text.slice(at, at + 300)))
  )
    return undefined;
  if (brace) {
    braced.lastIndex = at;
    const inner = braced.exec(text)?.[1];
    // A variable of a format: Pwd={password}
    if (inner === undefined || (/^[\w.]+$/.test(inner) && looksLikeWords(inner))) return undefined;
    return quoted(at + 1, inner.length);
  }
  pairNext.lastIndex = at;
  const value = pairNext.exec(text)?.[0];
  return value === undefined || !/[\s,()[\]{}&<>|]/.test(value) ? undefined : quoted(at, value.length);
}

const quoted = (start: number, length: number): Value => ({
  start,
  end: start + length,
  quoted: true,
  after: start + length,
});

const toLineEnd = /([^\s"'`]{4,512})[ \t]{0,8}(?=[\r\n]|$)/y;
// A call, an index, or an argument.
const code = /^[\w.$:>?!&*-]{0,80}[([{].*[)\]}][;,]?$|^[$<&|([{]|[,;({[|]$/;

/** NAME=value on a line of its own, as in an environment: brackets, commas and the like do not end it. */
export function onLine(text: string, at: number, link: Link, alone: boolean): Value | undefined {
  if (!alone || !link.tight || link.sign !== '=') return undefined;
  toLineEnd.lastIndex = at;
  const value = toLineEnd.exec(text)?.[1];
  if (value === undefined || !/[,;&<>(){}[\]|]/.test(value) || code.test(value)) return undefined;
  const end = at + value.length;
  return { start: at, end, quoted: false, after: end };
}
