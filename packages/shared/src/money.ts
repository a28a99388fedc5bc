import { Decimal } from 'decimal.js';

/** Which integer number of minor units a value between two of them becomes. */
export type Rounding = 'half_up' | 'down' | 'up';

/** Exact for two factors of the longest text that is read. */
const Exact = Decimal.clone({ precision: 400, defaults: true, toExpNeg: -400, toExpPos: 400 });
const modes: Record<Rounding, Decimal.Rounding> = {
  half_up: Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
};
const decimalForm = /^\d{1,60}(?:\.\d{1,60})?(?:[eE][+-]?\d{1,2})?$/;

/**
 * An amount, or the product of several numbers, in whole minor units (cents).
 *
 * @param factors decimal texts that are not negative, such as `0.5` or `1.2e-7`
 * @throws RangeError when one is not, or when the result is more than 2^53 - 1
 */
export function toMinor(factors: string | readonly string[], rounding: Rounding): number {
  const product = [factors].flat().reduce((value, factor) => value.times(decimal(factor)), new Exact(1));
  return wholeMinor(product.times(100), rounding);
}

/** Minor units as a decimal text with two places: 1234 is `12.34`. */
export function fromMinor(minor: number): string {
  return new Exact(checked(minor)).dividedBy(100).toFixed(2);
}

/**
 * Minor units plus a part of a hundred of them.
 *
 * @throws RangeError when the result is more than 2^53 - 1
 */
export function increaseByPercent(minor: number, percent: number, rounding: Rounding): number {
  return wholeMinor(new Exact(checked(minor)).times(factorOf(percent)), rounding);
}

/** Whether a price is above an earlier one by more than that part of a hundred; exactly that much is not more. */
export function hasRisenByMoreThan(percent: number, before: string, after: string): boolean {
  return decimal(after).greaterThan(decimal(before).times(factorOf(percent)));
}

/** Whether a decimal text is zero. */
export const isZero = (text: string): boolean => decimal(text).isZero();

/** The same number without exponent and without zeros that say nothing: `1.50e1` is `15`. */
export const plainDecimal = (text: string): string => decimal(text).toFixed();

/** How many digits stand after the point. */
export const decimalPlaces = (text: string): number => decimal(text).decimalPlaces();

/** Whether the first is more than the second. */
export const isMoreThan = (text: string, other: string): boolean => decimal(text).greaterThan(decimal(other));

function decimal(text: string): Decimal {
  if (!decimalForm.test(text)) throw new RangeError('not a decimal number of zero or more');
  return new Exact(text);
}

function factorOf(percent: number): Decimal {
  if (!Number.isFinite(percent) || percent < 0) throw new RangeError('not a percentage');
  return new Exact(percent).dividedBy(100).plus(1);
}

function wholeMinor(value: Decimal, rounding: Rounding): number {
  return checked(value.toDecimalPlaces(0, modes[rounding]).toNumber());
}

function checked(minor: number): number {
  if (!Number.isSafeInteger(minor) || minor < 0) throw new RangeError('the amount is out of range');
  return minor;
}
