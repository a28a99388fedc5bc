/**
 * What models have cost, in minor units (cents) with at most six decimals, each call rounded up to the last of them: a call costs a
 * fraction of a cent. `unknown` for a model without a price; it is never taken for nothing. Only `wholeMinor`, once at the end of a
 * task, gives whole cents.
 */
export type ModelCost = number | 'unknown';

export interface Tokens {
  /** All of the input, with what was cached. */
  input: number;
  /** The part of the input that the service still had. */
  cached: number;
  /** All of the output, with what the model thought. */
  output: number;
}

/** USD per million tokens. */
export interface ModelPrice {
  input: number;
  output: number;
  cached: number;
}

export const noTokens: Tokens = { input: 0, cached: 0, output: 0 };

const perMinor = 1_000_000;
// USD per million tokens with six decimals are so many parts of a cent per token, and a millionth of a cent has so many of them.
const partsPerUsd = 1_000_000;
const partsPerMillionth = 10_000n;

/** What tokens cost at a price. */
export function costOf(tokens: Tokens, price: ModelPrice | undefined): ModelCost {
  if (price === undefined) return 'unknown';
  const parts = (count: number, usdPerMillion: number) =>
    BigInt(count) * BigInt(Math.round(usdPerMillion * partsPerUsd));
  const cached = Math.min(tokens.cached, tokens.input);
  const sum =
    parts(tokens.input - cached, price.input) +
    parts(cached, price.cached) +
    parts(tokens.output, price.output);
  const millionths = (sum + partsPerMillionth - 1n) / partsPerMillionth;
  return Number(millionths) / perMinor;
}

/** The sum, exact to the last decimal; unknown when one of them is. */
export function addCosts(...costs: readonly ModelCost[]): ModelCost {
  let millionths = 0;
  for (const cost of costs) {
    if (cost === 'unknown') return 'unknown';
    millionths += Math.round(cost * perMinor);
  }
  return millionths / perMinor;
}

/** Whole cents, rounded up. */
export const wholeMinor = (cost: ModelCost): ModelCost =>
  cost === 'unknown' ? cost : Math.ceil(Math.round(cost * perMinor) / perMinor);

export const addTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input,
  cached: a.cached + b.cached,
  output: a.output + b.output,
});
