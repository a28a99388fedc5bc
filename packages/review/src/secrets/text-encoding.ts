/** How the bytes of a file are read; `binary`: they are no text. */
export type TextEncoding = 'bytes' | 'utf-16le' | 'utf-16be' | 'utf-32' | 'binary';

/** How much of the beginning is looked at; git looks at as much. */
export const sampleBytes = 8_000;

/** Tells by its beginning how a file is to be read. */
export function encodingOf(beginning: Buffer): TextEncoding {
  const sample = beginning.subarray(0, sampleBytes);
  if (!sample.includes(0) && !hasWideMark(sample)) return 'bytes';
  if (isUtf32(sample)) return 'utf-32';
  if (hasWideMark(sample)) return sample[0] === 0xff ? 'utf-16le' : 'utf-16be';
  for (const encoding of ['utf-16le', 'utf-16be'] as const) if (isWide(sample, encoding)) return encoding;
  // A text may have a stray NUL; a program, a picture or an archive has more of such bytes.
  return shareOf(sample, isControl) > mostControls ? 'binary' : 'bytes';
}

const mostControls = 0.01;
const leastAscii = 0.05;
const fewest = 8;

const hasWideMark = (sample: Buffer) =>
  sample.length >= 2 &&
  ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff));

// Three of four bytes of any text that is written so.
function isUtf32(sample: Buffer): boolean {
  if (sample.length < fewest) return false;
  const rest = sample.filter((byte) => byte !== 0);
  const share = rest.length / sample.length;
  return share > 0.1 && share < 0.4 && shareOf(rest, isControl) <= mostControls;
}

/** Without a byte order mark: what is read so has letters of ASCII, and nearly no control characters. */
function isWide(sample: Buffer, encoding: 'utf-16le' | 'utf-16be'): boolean {
  if (sample.length < fewest) return false;
  const text = new TextDecoder(encoding).decode(sample.subarray(0, sample.length & ~1));
  const units = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return shareOf(units, isControl) <= mostControls && shareOf(units, (unit) => unit < 0x80) >= leastAscii;
}

const isControl = (unit: number) =>
  (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d && unit !== 0x0c && unit !== 0x1b) ||
  unit === 0x7f ||
  unit === 0xfffd;

function shareOf(units: ArrayLike<number>, is: (unit: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < units.length; at += 1) if (is(units[at] ?? 0)) count += 1;
  return units.length === 0 ? 0 : count / units.length;
}
