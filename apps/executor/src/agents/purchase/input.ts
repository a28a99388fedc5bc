import { decimalPlaces, isMoreThan, isZero, plainDecimal } from '@actp/shared/money';
import { isShownAsItIs } from '@actp/shared/shown-as-it-is';
import { z } from 'zod';

const rule = 'must be a number above 0, at most 1000000000000, with at most 18 decimal places';

/** A decimal text without exponent; undefined when it is none that can be bought. */
function quantityOf(value: string | number): string | undefined {
  try {
    const text = plainDecimal(String(value).trim());
    const fits = !isZero(text) && decimalPlaces(text) <= 18 && !isMoreThan(text, '1000000000000');
    return fits ? text : undefined;
  } catch {
    return undefined;
  }
}

export const PurchaseInput = z.strictObject({
  /** Id, name or symbol, as a person writes it. */
  asset: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .refine((text) => isShownAsItIs(text) && !/[\n\t]/.test(text), 'must be one line of visible text'),
  quantity: z
    .union([z.string(), z.number()])
    .refine((value) => quantityOf(value) !== undefined, rule)
    .transform((value) => quantityOf(value) ?? ''),
});
export type PurchaseInput = z.infer<typeof PurchaseInput>;
