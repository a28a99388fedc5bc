// Digits that every decimal number keeps in a double (DBL_DIG of IEEE 754), unless its exponent is extreme.
const alwaysKept = 15;

/**
 * Whether programs that read numbers as doubles, as nearly all do, see the value that is written: only that can be shown,
 * stored and bound by a digest as one thing. Whole numbers beyond 2^53 are refused even where a double happens to hold them.
 *
 * @param text a JSON number
 */
export function isExactNumber(text: string): boolean {
  if (text.length <= alwaysKept && !/e/i.test(text)) return true;
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(value)) return false;
  return decimalOf(text) === decimalOf(String(value));
}

// One form for each value: its digits without zeros around them, and the power of ten of the last one.
function decimalOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[-+]/, '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${mantissa.startsWith('-') ? '-' : ''}${significant}e${power}`;
}
