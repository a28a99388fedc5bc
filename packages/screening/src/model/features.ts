import { unit, unitKind } from '../words/letters.ts';

/** Features are hashed into so many places. */
export const places = 16_384;
// About a paragraph or two, so that a long text is judged piece by piece; windows overlap by half.
const windowWords = 160;

/** Words and pairs of words of a window. */
export interface Window {
  /** Where each feature is, and how much of it there is; the squares of all values sum up to 1. */
  places: readonly number[];
  values: readonly number[];
  /** In the folded text. */
  start: number;
  end: number;
  words: number;
}

interface Word {
  hash: number;
  start: number;
  end: number;
}

/** Hands out the windows of a folded text, one after the other. */
export function eachWindow(text: string, visit: (window: Window) => void): void {
  const words = wordsOf(text);
  const counts = new Uint16Array(places);
  for (let from = 0; from < words.length; from += windowWords / 2) {
    const to = Math.min(words.length, from + windowWords);
    visit(windowOf(words, from, to, counts));
    if (to === words.length) break;
  }
}

function windowOf(words: readonly Word[], from: number, to: number, counts: Uint16Array): Window {
  const touched: number[] = [];
  let before = 0;
  for (let i = from; i < to; i += 1) {
    const hash = words[i]?.hash ?? 0;
    count(hash, counts, touched);
    if (i > from) count(Math.imul(before, 0x9e3779b1) ^ hash, counts, touched);
    before = hash;
  }
  let squares = 0;
  const values = touched.map((place) => {
    const times = counts[place] ?? 0;
    counts[place] = 0;
    const value = times === 1 ? 1 : 1 + Math.log(times);
    squares += value * value;
    return value;
  });
  const length = Math.sqrt(squares);
  for (let i = 0; i < values.length; i += 1) values[i] = (values[i] ?? 0) / length;
  const [start, end] = [words[from]?.start ?? 0, words[to - 1]?.end ?? 0];
  return { places: touched, values, start, end, words: to - from };
}

function count(hash: number, counts: Uint16Array, touched: number[]): void {
  const place = (hash ^ (hash >>> 15)) & (places - 1);
  if (counts[place] === 0) touched.push(place);
  counts[place] = (counts[place] ?? 0) + 1;
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (let i = 0; i < text.length;) {
    const start = i;
    let hash = 0x811c9dc5;
    let kind = unitKind(text.charCodeAt(i));
    while (kind !== unit.other) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      i += 1;
      // The words of scripts without spaces are their signs.
      if (kind === unit.unspaced || i === text.length) break;
      kind = unitKind(text.charCodeAt(i));
    }
    if (i > start) words.push({ hash, start, end: i });
    else i += 1;
  }
  return words;
}
