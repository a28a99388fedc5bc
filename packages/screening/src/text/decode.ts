import type { Span } from './view.ts';

/** A piece of a text that hides another one. */
export interface Hidden extends Span {
  text: string;
  how: 'base64' | 'hexadecimal' | 'binary' | 'Morse';
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
      const plain = readable(bytes);
      if (plain !== undefined)
        found.push({ start: match.index, end: match.index + match[0].length, text: plain, how });
    }
  }
  return found;
}

// As the patterns have it; most texts have no such run, and need no pattern.
const shortestRun: Record<Hidden['how'], number> = { base64: 16, hexadecimal: 24, binary: 48, Morse: 30 };
const inBase64 = new Uint8Array(128);
const inHexadecimal = new Uint8Array(128);
const inMorse = new Uint8Array(128);
for (const c of `${alphabet}-_`) inBase64[c.charCodeAt(0)] = 1;
for (const c of '0123456789abcdefABCDEFx\\ :,') inHexadecimal[c.charCodeAt(0)] = 1;

for (const c of '.-/| ') inMorse[c.charCodeAt(0)] = 1;

function longestRuns(text: string): Record<Hidden['how'], number> {
  let base64 = 0;
  let hexadecimal = 0;
  let morse = 0;
  let longest64 = 0;
  let longestMorse = 0;
  let longest16 = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    base64 = inBase64[c] === 1 ? base64 + 1 : 0;
    hexadecimal = inHexadecimal[c] === 1 ? hexadecimal + 1 : 0;
    morse = inMorse[c] === 1 ? morse + 1 : 0;
    if (morse > longestMorse) longestMorse = morse;
    if (base64 > longest64) longest64 = base64;
    if (hexadecimal > longest16) longest16 = hexadecimal;
  }
  return { base64: longest64, hexadecimal: longest16, binary: longest16, Morse: longestMorse };
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
  ['Morse', /(?<![.\-/])(?:[.-]{1,6}[ /|]{1,3}){10,}(?:[.-]{1,6})?/g],
  ['binary', /(?<![01])(?:[01]{8} ?){6,}/g],
];

const decoders: Record<Hidden['how'], (text: string) => Uint8Array> = {
  base64(text) {
    const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
    let length = 0;
    let bits = 0;
    let value = 0;
    for (let i = 0; i < text.length; i += 1) {
      const six = base64Value[text.charCodeAt(i)] ?? -1;
      if (six < 0) continue;
      value = ((value << 6) | six) & 0xffffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      bytes[length] = (value >> bits) & 255;
      length += 1;
    }
    return bytes.subarray(0, length);
  },
  hexadecimal(text) {
    const digits = text.replaceAll(/0x|\\x|[ :,]/g, '');
    const bytes: number[] = [];
    for (let i = 0; i + 1 < digits.length; i += 2) bytes.push(parseInt(digits.slice(i, i + 2), 16));
    return Uint8Array.from(bytes);
  },
  Morse(text) {
    const bytes: number[] = [];
    for (const [part] of text.matchAll(/[.-]+|[/|]|  +/g)) bytes.push(morseLetter.get(part) ?? 32);
    return Uint8Array.from(bytes);
  },
  binary(text) {
    const digits = text.replaceAll(' ', '');
    const bytes: number[] = [];
    for (let i = 0; i + 7 < digits.length; i += 8) bytes.push(parseInt(digits.slice(i, i + 8), 2));
    return Uint8Array.from(bytes);
  },
};

const morseSigns =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  );
const morseLetter = new Map(morseSigns.map((sign, i) => [sign, 97 + i]));

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// Text, and not the bytes of a picture or a hash. UTF-16 as PowerShell encodes it has a zero after each letter.
function readable(bytes: Uint8Array): string | undefined {
  const plain = bytes[1] === 0 && bytes[3] === 0 ? bytes.filter((_, i) => i % 2 === 0) : bytes;
  if (plain.length < shortest) return undefined;
  let odd = 0;
  let letters = 0;
  for (const byte of plain) {
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127 || byte >= 0xf8) odd += 1;
    if ((byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte >= 128) letters += 1;
  }
  if (odd * 20 > plain.length || letters * 2 < plain.length) return undefined;
  const text = decoder.decode(plain);
  if (!text.includes('\ufffd')) return text;
  const broken = text.split('\ufffd').length - 1;
  return broken * 20 > text.length ? undefined : text;
}
