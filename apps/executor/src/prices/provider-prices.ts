import { parsePriceFile, readPriceFile } from '@actp/providers/price-file';
import { z } from 'zod';

const rule = 'must be an amount in USD of at most 1000, with at most six decimals';
const Usd = z
  .number(rule)
  .min(0, rule)
  .max(1_000, rule)
  .refine((usd) => /^\d+(?:\.\d{1,6})?$/.test(String(usd)), rule);

const File = z.strictObject(
  {
    date: z.iso.date('must be the day on which the prices were looked up, such as 2026-06-04'),
    brave: z.strictObject({ search_usd: Usd }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must have date and brave' : undefined) },
);

/** What services cost that are paid by use, and since when that is known. */
export interface ProviderPrices {
  date: string;
  searchUsd: number;
}

/** @throws BadPrices */
export async function readProviderPrices(file: string): Promise<ProviderPrices> {
  return toPrices(await readPriceFile(file, File));
}

/**
 * @param file how the file is called in messages
 * @throws BadPrices
 */
export const parseProviderPrices = (text: string, file: string): ProviderPrices =>
  toPrices(parsePriceFile(text, file, File));

const toPrices = ({ date, brave }: z.output<typeof File>): ProviderPrices => ({
  date,
  searchUsd: brave.search_usd,
});
