/** The code units of a text, a stretch at a time: an array of numbers is read several times as fast as a string. */
export interface Codes {
  /** Those of the last stretch that was read. */
  readonly units: Uint16Array;
  /** Reads the stretch that begins at `from`. @returns how many units it has: 0 at the end of the text */
  read(text: string, from: number, to: number): number;
}

const longestStretch = 32_768;

export function createCodes(): Codes {
  const units = new Uint16Array(longestStretch);
  const bytes = Buffer.from(units.buffer);
  return {
    units,
    read: (text, from, to) =>
      bytes.write(text.slice(from, Math.min(to, from + longestStretch)), 'utf16le') / 2,
  };
}
