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
const grouped = /^\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,18})?$/;

/**
 * A quantity as people write it: `2`, `0.5`, `1,000.50`, `one`. What could be read in two ways (`1,5`, `1.000,50`, `1e3`) is none.
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

/** Whether a decimal that `readQuantity` gave is nothing at all. */
export const isZero = (quantity: string): boolean => !/[1-9]/.test(quantity);
