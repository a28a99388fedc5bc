import type { Span } from './view.ts';

/** A piece of a text that hides another one. */
export interface Hidden extends Span {
  text: string;
  how: 'base64' | 'hexadecimal' | 'binary';
}

// Shorter ones hold no sentence.
const shortest = 12;
// A line of an encoded text that was broken into lines.
const brokenLine = 60;

const base64Value = new Int8Array(128).fill(-1);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < 64; i += 1) base64Value[alphabet.charCodeAt(i)] = i;
base64Value[45] = 62;
base64Value[95] = 63;

/** Base64, hexadecimal and binary pieces that hold readable text. Linear: each unit is in at most one piece of each kind. */
export function findHidden(text: string): Hidden[] {
  const found: Hidden[] = [];
  const runs = longestRuns(text);
  for (const [how, pattern] of patterns) {
    if (runs[how] < shortestRun[how]) continue;
    for (const match of text.matchAll(pattern)) {
      const bytes = decoders[how](match[0]);
      const plain = bytes && readable(bytes);
      if (plain !== undefined)
        found.push({ start: match.index, end: match.index + match[0].length, text: plain, how });
    }
  }
  return found;
}

// As the patterns have it; most texts have no such run, and need no pattern.
const shortestRun: Record<Hidden['how'], number> = { base64: 16, hexadecimal: 24, binary: 48 };
const inBase64 = new Uint8Array(128);
const inHexadecimal = new Uint8Array(128);
for (const c of `${alphabet}-_`) inBase64[c.charCodeAt(0)] = 1;
for (const c of '0123456789abcdefABCDEFx\\ :,') inHexadecimal[c.charCodeAt(0)] = 1;

function longestRuns(text: string): Record<Hidden['how'], number> {
  let base64 = 0;
  let hexadecimal = 0;
  let longest64 = 0;
  let longest16 = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    base64 = inBase64[c] === 1 ? base64 + 1 : 0;
    hexadecimal = inHexadecimal[c] === 1 ? hexadecimal + 1 : 0;
    if (base64 > longest64) longest64 = base64;
    if (hexadecimal > longest16) longest16 = hexadecimal;
  }
  return { base64: longest64, hexadecimal: longest16, binary: longest16 };
}

const patterns: ReadonlyArray<[Hidden['how'], RegExp]> = [
  [
    'base64',
    new RegExp(
      `(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:(?<=[^\\r\\n]{${brokenLine}})\\r?\\n[A-Za-z0-9+/_-]+)*`,
      'g',
    ),
  ],
  ['hexadecimal', /(?<![0-9a-fA-F])(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]?){12,}/g],
  ['binary', /(?<![01])(?:[01]{8} ?){6,}/g],
];

const decoders: Record<Hidden['how'], (text: string) => number[] | undefined> = {
  base64(text) {
    const bytes: number[] = [];
    let bits = 0;
    let value = 0;
    for (let i = 0; i < text.length; i += 1) {
      const six = base64Value[text.charCodeAt(i)] ?? -1;
      if (six < 0) continue;
      value = ((value << 6) | six) & 0xffffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      bytes.push((value >> bits) & 255);
    }
    return bytes;
  },
  hexadecimal(text) {
    const digits = text.replaceAll(/0x|\\x|[ :,]/g, '');
    const bytes: number[] = [];
    for (let i = 0; i + 1 < digits.length; i += 2) bytes.push(parseInt(digits.slice(i, i + 2), 16));
    return bytes;
  },
  binary(text) {
    const digits = text.replaceAll(' ', '');
    const bytes: number[] = [];
    for (let i = 0; i + 7 < digits.length; i += 8) bytes.push(parseInt(digits.slice(i, i + 8), 2));
    return bytes;
  },
};

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// Text, and not the bytes of a picture or a hash. UTF-16 as PowerShell encodes it has a zero after each letter.
function readable(bytes: number[]): string | undefined {
  const plain = bytes[1] === 0 && bytes[3] === 0 ? bytes.filter((_, i) => i % 2 === 0) : bytes;
  if (plain.length < shortest) return undefined;
  let odd = 0;
  let letters = 0;
  for (const byte of plain) {
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127 || byte >= 0xf8) odd += 1;
    if ((byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte >= 128) letters += 1;
  }
  if (odd * 20 > plain.length || letters * 2 < plain.length) return undefined;
  const text = decoder.decode(Uint8Array.from(plain));
  const broken = text.split('\ufffd').length - 1;
  return broken * 20 > text.length ? undefined : text;
}
