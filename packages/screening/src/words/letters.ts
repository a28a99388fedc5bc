/** What a UTF-16 unit of a folded text is to the tokeniser. */
export const unit = { other: 0, letter: 1, digit: 2, unspaced: 3 } as const;

const table = new Uint8Array(65_536).fill(255);

export function unitKind(c: number): number {
  const known = table[c] ?? 0;
  if (known !== 255) return known;
  return (table[c] = classify(c));
}

function classify(c: number): number {
  if (c >= 48 && c <= 57) return unit.digit;
  if (c >= 97 && c <= 122) return unit.letter;
  if (c < 128) return unit.other;
  const isUnspaced =
    (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff);
  if (isUnspaced) return unit.unspaced;
  return /[\p{L}\p{M}\p{N}]/u.test(String.fromCharCode(c)) ? unit.letter : unit.other;
}
