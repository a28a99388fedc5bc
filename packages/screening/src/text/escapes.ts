const named: Readonly<Record<string, number>> = {
  amp: 38,
  lt: 60,
  gt: 62,
  quot: 34,
  apos: 39,
  nbsp: 32,
  sol: 47,
  lowbar: 95,
  period: 46,
  comma: 44,
  colon: 58,
  semi: 59,
  excl: 33,
  newline: 10,
  tab: 9,
  lpar: 40,
  rpar: 41,
  dollar: 36,
  grave: 96,
  zwnj: 0x200c,
  zwj: 0x200d,
  shy: 0xad,
};

export interface Escape {
  codePoint: number;
  /** How many UTF-16 units it takes in the text. */
  length: number;
  /** Written so that nobody reads it, rather than because it had to be. */
  odd: boolean;
}

const sticky = {
  entity: /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,7}));?/iy,
  percent: /%(?:25){0,4}([0-9a-f]{2})/iy,
  backslash: /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|([nrt]))/iy,
};

/** Reads an HTML entity, a percent escape, `\u0041`, `\x41` or `\n` at `at`. */
export function escapeAt(text: string, at: number): Escape | undefined {
  const c = text.charCodeAt(at);
  if (c === 38) return entity(text, at);
  if (c === 37) return percent(text, at);
  if (c === 92) return backslash(text, at);
  return undefined;
}

function entity(text: string, at: number): Escape | undefined {
  const found = match(sticky.entity, text, at);
  if (!found) return undefined;
  const [all, decimal, hex, name] = found;
  if (name !== undefined) {
    const codePoint = named[name.toLowerCase()];
    return codePoint === undefined ? undefined : { codePoint, length: all.length, odd: false };
  }
  return numbered(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal), all.length);
}

function percent(text: string, at: number): Escape | undefined {
  const found = match(sticky.percent, text, at);
  if (!found) return undefined;
  const codePoint = parseInt(found[1] ?? '', 16);
  // Beyond ASCII it is a byte of something longer, which no rule needs.
  return codePoint > 127 ? undefined : numbered(codePoint, found[0].length);
}

function backslash(text: string, at: number): Escape | undefined {
  const found = match(sticky.backslash, text, at);
  if (!found) return undefined;
  const [all, four, braced, two, control] = found;
  if (control !== undefined) return { codePoint: 10, length: all.length, odd: false };
  return numbered(parseInt(four ?? braced ?? two ?? '', 16), all.length);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const numbered = (codePoint: number, length: number): Escape | undefined =>
  codePoint > 0x10ffff
    ? undefined
    : {
        codePoint,
        length,
        odd: (codePoint >= 65 && codePoint <= 90) || (codePoint >= 97 && codePoint <= 122),
      };
