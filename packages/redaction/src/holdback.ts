import { longestReach } from './engine/rule.ts';
import { openName } from './rules/named.ts';

const begin = '-----BEGIN';
// A head of values whose kind may be said later.
const manifestData = /^[ \t"'-]{0,24}(?:string)?data["']?:[ \t]{0,4}(?:#[^\r\n]{0,200})?\r?$/gim;
// Nearly always not, so that is found out first.
const mayBeData = /data/gi;
// Words whose secret may stand on the next line.
const openWord = /(?:login[ \t]{1,4}\S{1,128}|bearer|basic|negotiate|ntlm|digest)\s{0,8}$/i;
const longestOpen = 400;

/**
 * How far a text may be let out, when something at the end of its last whole line may go on behind it.
 *
 * @param from what is before was let out already
 * @param line the beginning of the unfinished line
 * @returns `line`, or the beginning of the line where what is open begins
 */
export function holdbackFrom(text: string, from: number, line: number): number {
  const back = Math.max(from, line - longestReach);
  const places = [line, openKey(text, back, line), openManifest(text, back, line), openEnd(text, back, line)];
  return Math.max(from, Math.min(...places));
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;

function openKey(text: string, back: number, line: number): number {
  const at = text.lastIndexOf(begin, line - 1);
  // Letters of any case may begin it, but what is held for good measure need not be exact.
  if (at < back || text.slice(at + begin.length, line).includes('-----END')) return line;
  return /^[ A-Z0-9_-]{0,60}PRIVATE KEY/.test(text.slice(at + begin.length, at + 90))
    ? lineStart(text, at)
    : line;
}

function openManifest(text: string, back: number, line: number): number {
  mayBeData.lastIndex = back;
  if (!mayBeData.test(text)) return line;
  manifestData.lastIndex = back;
  const match = manifestData.exec(text);
  return match === null || match.index >= line ? line : lineStart(text, match.index);
}

function openEnd(text: string, back: number, line: number): number {
  const start = Math.max(back, line - longestOpen);
  const tail = text.slice(start, line);
  const match = openName.exec(tail) ?? openWord.exec(tail);
  return match === null ? line : lineStart(text, start + match.index);
}
