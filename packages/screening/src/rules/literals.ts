/*
 * Which rules can match at all, at the price of one pass: a literal is in a text only if every pair of letters of the literal is.
 */
const ascii = 128;

/** The pairs of ASCII letters that a text has, one byte each. */
export function pairsOf(text: string): Uint8Array {
  const pairs = new Uint8Array(ascii * ascii);
  let last = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c < ascii) {
      pairs[last * ascii + c] = 1;
      last = c;
    } else last = 0;
  }
  return pairs;
}

/** A literal, ready to be looked for. */
export interface Literal {
  text: string;
  /** Where `pairsOf` has its pairs. */
  pairs: readonly number[];
}

/** @param text ASCII */
export function literalOf(text: string): Literal {
  const pairs: number[] = [];
  for (let i = 1; i < text.length; i += 1) pairs.push(text.charCodeAt(i - 1) * ascii + text.charCodeAt(i));
  return { text, pairs };
}

export const mayContain = (text: string, pairs: Uint8Array, literals: readonly Literal[]): boolean =>
  literals.some((literal) => literal.pairs.every((pair) => pairs[pair] === 1) && text.includes(literal.text));
