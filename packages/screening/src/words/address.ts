import { unit, unitKind } from './letters.ts';

// Nothing that is looked for in an address stands further away.
const lookahead = 64;

/** The end of an address (`https://...`, `name@host`) whose first word ends at `at`; undefined when it is none. */
export function addressEnd(text: string, at: number): number | undefined {
  const c = text.charCodeAt(at);
  let i = at;
  if (c === 58 && text.startsWith('://', at)) {
    while (i < text.length && text.charCodeAt(i) > 32 && !'<>"\'`)|'.includes(text[i] ?? '')) i += 1;
    return i;
  }
  if (c !== 64 || unitKind(text.charCodeAt(at + 1)) === unit.other) return undefined;
  i += 1;
  while (i < text.length && (unitKind(text.charCodeAt(i)) !== unit.other || '.-'.includes(text[i] ?? ''))) {
    i += 1;
  }
  return i;
}

/**
 * Does the sign at `at` belong to the word around it? don't is one word and l'assistant two; `$`, `@` and `!` between letters
 * stand for one.
 */
export function isInside(text: string, at: number, lettersBefore: number): boolean {
  const c = text.charCodeAt(at);
  if (c !== 39 && c !== 0x2019 && c !== 36 && c !== 64 && c !== 33) return false;
  const next = text.charCodeAt(at + 1);
  if (c === 39 || c === 0x2019) return lettersBefore > 2 && next >= 97 && next <= 122;
  const kind = unitKind(next);
  if (kind !== unit.letter && kind !== unit.digit) return false;
  return c !== 64 || !text.slice(at, at + lookahead).includes('.');
}
