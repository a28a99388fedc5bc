import { addressEnd, isInside } from './address.ts';
import { boundary, kinds, unknownKind } from './kinds.ts';
import { plainLetters } from './leet.ts';
import { unit, unitKind } from './letters.ts';
import { addLetter, byLetters, reversedWords, rotatedWords, spacedWords, unspacedWords } from './lexicon.ts';
import { createRow } from './row.ts';

/** A text as a row of kinds, one letter a word, with where each stands in the text. */
export interface Words {
  kinds: string;
  starts: readonly number[];
  ends: readonly number[];
  /** Words that were written otherwise: letters spaced or divided, digits for letters, in another order. */
  disguised: number;
  /** Words that would be telling in ROT13, or backwards. */
  rotated: number;
  reversed: number;
}

const longestWord = 40;
const longestUnspaced = 16;
const shortestTypo = 5;

/** Reads a folded text. Each unit is looked at a bounded number of times. */
export function readWords(text: string): Words {
  const row = createRow();
  let disguised = 0;
  let rotated = 0;
  let reversed = 0;
  let lastEnd = 0;
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    const type = unitKind(c);
    const start = i;
    if (type === unit.other) {
      if (isEnd(text, i) && !isOrdinal(text, row)) {
        row.end();
        row.put(boundary, i, i + 1);
      }
      i += 1;
      continue;
    }
    if (type === unit.unspaced) {
      const found = unspacedWords.longest(text, i, Math.min(text.length, i + longestUnspaced));
      i = found?.end ?? i + 1;
      row.end();
      row.put(found?.kind ?? unknownKind, start, i);
      lastEnd = i;
      continue;
    }
    let letters = 0;
    let digits = 0;
    let signs = 0;
    let sum = 0;
    for (; i < text.length; i += 1) {
      const at = text.charCodeAt(i);
      const kind = unitKind(at);
      if (kind === unit.letter) {
        letters += 1;
        if (letters <= longestWord) sum = addLetter(sum, at);
      } else if (kind === unit.digit) digits += 1;
      else if (isInside(text, i, i - start)) signs += 1;
      else break;
    }
    const after = addressEnd(text, i);
    if (after !== undefined) {
      row.end();
      row.put(kinds.address, start, after);
      i = lastEnd = after;
      continue;
    }
    let kind: string | undefined;
    const length = i - start;
    if (length <= longestWord && letters > 0) {
      if (signs === 0) kind = spacedWords.find(text, start, i);
      if (kind === undefined && signs + digits > 0) {
        kind = disguisedKind(text.slice(start, i));
        if (kind !== undefined && digits > 0) disguised += 1;
      }
      if (kind === undefined && digits === 0 && letters >= shortestTypo) {
        kind = byLetters.get(sum);
        if (kind !== undefined) disguised += 1;
        if (rotatedWords.find(text, start, i) !== undefined) rotated += 1;
        if (reversedWords.find(text, start, i) !== undefined) reversed += 1;
      }
    }
    const apart = start - lastEnd;
    const close = apart > 0 && apart <= 2 && isClose(text, lastEnd, start);
    row.word(kind, text.slice(start, i), start, apart, close);
    lastEnd = i;
  }
  row.end();
  disguised += row.disguised;
  return { kinds: row.kinds.join(''), starts: row.starts, ends: row.ends, disguised, rotated, reversed };
}

function disguisedKind(word: string): string | undefined {
  const bare = word.replaceAll(/['’]/g, '');
  const found = spacedWords.find(bare, 0, bare.length);
  if (found !== undefined) return found;
  for (const plain of plainLetters(bare)) {
    const kind = spacedWords.find(plain, 0, plain.length);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function isClose(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (text.charCodeAt(i) <= 32) return false;
  return true;
}

// The end of a sentence: a mark with space behind it, a mark of Chinese, or an empty line.
function isEnd(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c === 0x3002 || c === 0xff01 || c === 0xff1f || c === 0x964) return true;
  if (c === 10) return text.charCodeAt(at + 1) === 10;
  // . ! ? ;
  if (c !== 46 && c !== 33 && c !== 63 && c !== 59) return false;
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || next <= 32 || next === 34 || next === 39 || next === 60;
}

// "1. ignore 2. all": the number and its full stop end no sentence, and are no word.
function isOrdinal(text: string, row: { kinds: string[]; starts: number[]; ends: number[] }): boolean {
  const start = row.starts.at(-1) ?? 0;
  const end = row.ends.at(-1) ?? 0;
  if (row.kinds.at(-1) !== unknownKind || end - start > 2 || end === start) return false;
  for (let i = start; i < end; i += 1) if (unitKind(text.charCodeAt(i)) !== unit.digit) return false;
  return true;
}
