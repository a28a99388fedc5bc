import { createCodes } from './codes.ts';

/** Finds many words in a text, most of whose characters are not looked at (after Wu and Manber, 1994). */
export interface WordSearch {
  add(word: string): void;
  /** @param take told of each place from left to right; true: it goes on behind that word */
  each(text: string, from: number, to: number, take: Take): void;
}
type Take = (start: number, word: string) => boolean;

/** What is shorter cannot be searched for. */
export const shortestWord = 8;
// So many characters of a word are looked for first: the more, the farther it goes where none of them is.
const longestWindow = 32;
const block = 3;
// Of words that begin alike no more are kept, so that a place costs no more than so many looks.
const mostAlike = 8;
// With so few of them the runtime's own search is faster than a table.
const fewWords = 6;

const hash = (units: Uint16Array, end: number) =>
  (((units[end - 2] as number) << 10) ^ ((units[end - 1] as number) << 5) ^ (units[end] as number)) & 0xffff;

interface Table {
  window: number;
  shifts: Uint8Array;
  /** Whether a word begins with a block of that hash: nearly every place where none stands is told by it. */
  begins: Uint8Array;
  byBeginning: Map<string, string[]>;
}

export function createWordSearch(): WordSearch {
  const words = new Set<string>();
  let table: Table | undefined;
  return {
    add(word) {
      words.add(word);
      if (table === undefined) return;
      if (word.length < table.window) table = undefined;
      else enter(word, table);
    },
    each(text, from, to, take) {
      if (words.size <= fewWords) return eachOfFew(words, text, from, to, take);
      table ??= buildTable(words);
      eachOfMany(table, text, from, to, take);
    },
  };
}

function buildTable(words: ReadonlySet<string>): Table {
  let window = longestWindow;
  for (const { length } of words) window = Math.min(window, length);
  const shifts = new Uint8Array(0x10000).fill(window - block + 1);
  const table = { window, shifts, begins: new Uint8Array(0x10000), byBeginning: new Map<string, string[]>() };
  for (const word of words) enter(word, table);
  return table;
}

function enter(word: string, { window, shifts, begins, byBeginning }: Table): void {
  const beginning = word.slice(0, window);
  const alike = byBeginning.get(beginning);
  if (alike === undefined) byBeginning.set(beginning, [word]);
  else if (alike.length >= mostAlike) return;
  else alike.splice(alike.findLastIndex(({ length }) => length >= word.length) + 1, 0, word);
  const units = Uint16Array.from(beginning, (_, at) => beginning.charCodeAt(at));
  begins[hash(units, block - 1)] = 1;
  for (let at = block - 1; at < window; at += 1) {
    const h = hash(units, at);
    shifts[h] = Math.min(shifts[h] ?? 0, window - 1 - at);
  }
}

function eachOfFew(words: ReadonlySet<string>, text: string, from: number, to: number, take: Take): void {
  for (const word of words) {
    for (let at = text.indexOf(word, from); at >= 0 && at < to;) {
      at = text.indexOf(word, at + (take(at, word) ? word.length : afterRefusal(word)));
    }
  }
}

const codes = createCodes();
const { units } = codes;

function eachOfMany(table: Table, text: string, from: number, to: number, take: Take): void {
  const last = table.window - 1;
  const until = Math.min(text.length, to + last);
  // Where the window begins.
  let start = from;
  while (start + last < until) {
    const first = start;
    const length = codes.read(text, first, until);
    for (let at = last; at < length;) {
      at = toCandidate(table, at, length);
      if (at < length) at += lengthTaken(table, text, first + at - last, take);
      start = first + at - last;
    }
  }
}

/** Where the next window ends that begins and ends as words do. */
function toCandidate({ window, shifts, begins }: Table, from: number, length: number): number {
  const toBeginning = window - block;
  let at = from;
  while (at < length) {
    const shift = shifts[hash(units, at)] as number;
    if (shift > 0) at += shift;
    else if (begins[hash(units, at - toBeginning)] === 1) break;
    else at += 1;
  }
  return at;
}

/** How far to go on from here. */
function lengthTaken({ window, byBeginning }: Table, text: string, start: number, take: Take): number {
  const alike = byBeginning.get(text.slice(start, start + window));
  const there = alike?.filter((one) => text.startsWith(one, start));
  const [longest] = there ?? [];
  if (longest === undefined) return 1;
  return there?.find((one) => take(start, one))?.length ?? afterRefusal(longest);
}

// A long word that consists of one part again and again would be compared whole at each of them.
const afterRefusal = (word: string) => Math.max(1, word.length >> 4);
