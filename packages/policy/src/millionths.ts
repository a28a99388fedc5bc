/** Limits count in millionths, so that cents and shares of them are whole and nothing is ever added as a float. */
const decimals = 6;

/**
 * An amount in millionths, as text that Postgres reads as `numeric`.
 *
 * @param value finite and not negative
 * @param rounding what becomes of finer amounts: `up` for what is counted, `down` for what it is held against
 */
export function toMillionths(value: number, rounding: 'up' | 'down'): string {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + decimals;
  if (shift >= 0) return String(digits * 10n ** BigInt(shift));
  const divisor = 10n ** BigInt(-shift);
  const floor = digits / divisor;
  return String(rounding === 'up' && digits % divisor > 0n ? floor + 1n : floor);
}
