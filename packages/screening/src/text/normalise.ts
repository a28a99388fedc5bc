import { escapeAt } from './escapes.ts';
import { fold, isInvisible } from './fold.ts';
import { unmask } from './homoglyphs.ts';
import type { View } from './view.ts';

/** What a text does to be read otherwise than it is seen. */
export interface ObfuscationCounts {
  /** Letters of the invisible Unicode tag block. */
  tags: number;
  /** Invisible characters between Latin letters. */
  split: number;
  /** Marks that turn the direction of what follows. */
  bidiOverrides: number;
  /** Letters of other scripts that were read as Latin ones. */
  masked: number;
  /** Letters written as escapes. */
  escaped: number;
}

export interface Normal extends View {
  obfuscation: ObfuscationCounts;
}

/**
 * Reads a text as a person would: compatibility forms, case, accents, look-alikes, invisible characters, escapes. Every unit of
 * the result knows where it came from. Linear in the text.
 */
export function normalise(original: string): Normal {
  const obfuscation: ObfuscationCounts = { tags: 0, split: 0, bidiOverrides: 0, masked: 0, escaped: 0 };
  if (isUnremarkable(original)) return { text: original.toLowerCase(), obfuscation };
  // A code point becomes at most four units.
  const size = original.length * 4;
  const units = new Uint16Array(size);
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  let n = 0;
  let inTags = false;
  const put = (unit: number, from: number, to: number) => {
    units[n] = unit;
    starts[n] = from;
    ends[n] = to;
    n += 1;
  };
  for (let i = 0; i < original.length;) {
    const escape = escapeAt(original, i);
    const c = escape?.codePoint ?? original.codePointAt(i) ?? 0;
    const next = i + (escape?.length ?? (c > 0xffff ? 2 : 1));
    if (escape?.odd === true) obfuscation.escaped += 1;
    if (c < 128) {
      put(c >= 65 && c <= 90 ? c + 32 : c, i, next);
    } else if (c >= 0xe0020 && c <= 0xe007e) {
      if (!inTags) put(32, i, next);
      put(lower(c - 0xe0000), i, next);
      obfuscation.tags += 1;
    } else {
      const folded = fold(c);
      for (let k = 0; k < folded.length; k += 1) put(folded.charCodeAt(k), i, next);
      if (folded === '' && isInvisible(c)) {
        if (c === 0x202d || c === 0x202e) obfuscation.bidiOverrides += 1;
        else if (isLetter(units[n - 1]) && isLetter(original.charCodeAt(next))) obfuscation.split += 1;
      }
    }
    inTags = c >= 0xe0020 && c <= 0xe007e;
    i = next;
  }
  obfuscation.masked = unmask(units, n);
  return { text: textOf(units, n), starts, ends, obfuscation };
}

// Nothing in it needs more than lower case.
const isUnremarkable = (text: string) => !/[^\t\n\r -~]|[%&\\]/.test(text);

const lower = (c: number) => (c >= 65 && c <= 90 ? c + 32 : c);
const isLetter = (c = 0) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
const textOf = (units: Uint16Array, length: number) => decoder.decode(units.subarray(0, length));
