import { z } from 'zod';
import { parsePriceFile, readPriceFile } from '../price-file.ts';
import type { ModelPrice } from './cost.ts';

const rule = 'must be an amount in USD of at most 100000, with at most six decimals';
// With more decimals the sums would not be exact.
const Usd = z
  .number(rule)
  .min(0, rule)
  .max(100_000, rule)
  .refine((usd) => /^\d+(?:\.\d{1,6})?$/.test(String(usd)), rule);

const File = z.strictObject(
  {
    date: z.iso.date('must be the day on which the prices were looked up, such as 2026-06-04'),
    models: z.record(
      z.string().regex(/^(?:groq|gemini):\S{1,128}$/),
      z.strictObject({
        input_usd_per_million: Usd,
        output_usd_per_million: Usd,
        cached_usd_per_million: Usd.optional(),
      }),
      {
        error: ({ code }) =>
          code === 'invalid_key' ? 'must be named groq:<model> or gemini:<model>' : undefined,
      },
    ),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must have date and models' : undefined) },
);

/** What models cost, and since when that is known. */
export interface ModelPrices {
  date: string;
  /** @param name `groq:<model>` or `gemini:<model>`; undefined when nobody has written a price down */
  priceOf(name: string): ModelPrice | undefined;
}

/** @throws BadPrices */
export async function readModelPrices(file: string): Promise<ModelPrices> {
  return toPrices(await readPriceFile(file, File));
}

/**
 * @param file how the file is called in messages
 * @throws BadPrices
 */
export const parseModelPrices = (text: string, file: string): ModelPrices =>
  toPrices(parsePriceFile(text, file, File));

function toPrices({ date, models }: z.output<typeof File>): ModelPrices {
  const prices = new Map<string, ModelPrice>(
    Object.entries(models).map(([name, model]) => [
      name,
      {
        input: model.input_usd_per_million,
        output: model.output_usd_per_million,
        cached: model.cached_usd_per_million ?? model.input_usd_per_million,
      },
    ]),
  );
  return { date, priceOf: (name) => prices.get(name) };
}
