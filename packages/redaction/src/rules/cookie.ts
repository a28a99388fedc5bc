import { rankOf, type Secret } from '../engine/rule.ts';

const cookieHead = /\\{0,7}["']?\s{0,3}[:=]\s{0,3}/y;
const cookieQuoted = /\\{0,7}["'`]/y;
// A quoted value within a cookie is part of it; any other quote ends the header.
const cookieBody = /(?:=\\?"[^"\r\n\\]{0,4096}\\?"|[^\r\n"'`\\]|\\(?!["'nrt\\])){1,8192}/y;

/** Every value of a cookie header, since nobody knows which of them is the session. */
export function cookieOf(text: string, start: number, end: number): Secret | undefined {
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
