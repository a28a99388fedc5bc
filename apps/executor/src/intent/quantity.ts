const words = new Map([
  ['a', '1'],
  ['an', '1'],
  ['one', '1'],
  ['two', '2'],
  ['three', '3'],
  ['four', '4'],
  ['five', '5'],
  ['six', '6'],
  ['seven', '7'],
  ['eight', '8'],
  ['nine', '9'],
  ['ten', '10'],
]);
// At most 15 digits before the point and 18 behind it, as many as any asset has.
const plain = /^\d{1,15}(?:\.\d{1,18})?$|^\.\d{1,18}$/;
// `1,234` alone may be 1.234: only a second comma or a point shows that the commas part thousands.
const grouped = /^[1-9]\d{0,2}(?:(?:,\d{3}){1,4}\.\d{1,18}|(?:,\d{3}){2,4})$/;
const withComma = /^(\d{0,15}),(\d{1,18})$/;

/**
 * A quantity as people write it: `2`, `0.5`, `1,000.50`, `one`. What could be read in two ways (`1,5`, `1,234`,
 * `1.000,50`, `1e3`) is none.
 *
 * @returns a plain decimal, without needless zeros before it: `1000.50`; undefined when it is no quantity
 */
export function readQuantity(written: string): string | undefined {
  const word = words.get(written.toLowerCase());
  if (word !== undefined) return word;
  if (!plain.test(written) && !grouped.test(written)) return undefined;
  const digits = written.replaceAll(',', '');
  const whole = digits.startsWith('.') ? `0${digits}` : digits;
  return whole.replace(/^0+(?=\d)/, '');
}

/** How to write a number with one comma, which is a decimal point to some and parts thousands to others; undefined for any other text. */
export function howToWrite(written: string): string | undefined {
  const [, whole = '', digits] = withComma.exec(written) ?? [];
  if (digits === undefined) return undefined;
  const decimal = `${whole.replace(/^0+(?=\d)/, '') || '0'}.${digits}`;
  return /^[1-9]\d{0,2}$/.test(whole) && digits.length === 3 ? `${whole}${digits} or ${decimal}` : decimal;
}

/** Whether a decimal that `readQuantity` gave is nothing at all. */
export const isZero = (quantity: string): boolean => !/[1-9]/.test(quantity);
