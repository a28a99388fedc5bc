/*
 * What one code point is read as: compatibility forms (NFKC) in lower case, without accents where letters carry them, and
 * nothing where nothing is seen.
 */
const known = new Map<number, string>();
// Forgetting is cheaper than a table of all of Unicode.
const maxKnown = 4_096;
// U+FDFA alone unfolds to 18 letters; no keyword needs more than this.
const maxUnfolded = 4;

const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
};

/** @param codePoint beyond ASCII */
export function fold(codePoint: number): string {
  const found = known.get(codePoint);
  if (found !== undefined) return found;
  if (known.size >= maxKnown) known.clear();
  const folded = folding(codePoint);
  known.set(codePoint, folded);
  return folded;
}

function folding(codePoint: number): string {
  if (isInvisible(codePoint)) return '';
  // Regional indicators: letters in frames.
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return String.fromCharCode(97 + codePoint - 0x1f1e6);
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return ' ';
  const lower = String.fromCodePoint(codePoint).normalize('NFKC').toLowerCase();
  const bare = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(lower)
    ? lower.normalize('NFD').replaceAll(/\p{M}/gu, '')
    : lower;
  if (/^\p{Script=Inherited}+$/u.test(bare)) return '';
  const plain = bare === ' ' || /^\p{Zs}+$/u.test(bare) ? ' ' : bare;
  return (special[plain] ?? plain).slice(0, maxUnfolded);
}

/** Zero-width, bidirectional, joining, variation and filling characters. */
export function isInvisible(c: number): boolean {
  return (
    c === 0xad ||
    c === 0x34f ||
    c === 0x61c ||
    c === 0x115f ||
    c === 0x1160 ||
    c === 0x17b4 ||
    c === 0x17b5 ||
    (c >= 0x180b && c <= 0x180f) ||
    (c >= 0x200b && c <= 0x200f) ||
    (c >= 0x202a && c <= 0x202e) ||
    (c >= 0x2060 && c <= 0x206f) ||
    c === 0x3164 ||
    (c >= 0xfe00 && c <= 0xfe0f) ||
    c === 0xfeff ||
    c === 0xffa0 ||
    (c >= 0xfff9 && c <= 0xfffb) ||
    (c >= 0x1d173 && c <= 0x1d17a) ||
    (c >= 0xe0000 && c <= 0xe0fff)
  );
}
