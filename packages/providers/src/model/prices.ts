import { readFile } from 'node:fs/promises';
import { readYaml } from '@actp/shared/yaml/read-yaml';
import { z } from 'zod';
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

/** A table of prices that cannot be read. The message names the file and each field. */
export class BadPrices extends Error {
  override readonly name = 'BadPrices';
}

/** @throws BadPrices */
export async function readModelPrices(file: string): Promise<ModelPrices> {
  try {
    return parseModelPrices(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof BadPrices) throw error;
    throw new BadPrices(`${file} cannot be read`, { cause: error });
  }
}

/**
 * @param file how the file is called in messages
 * @throws BadPrices
 */
export function parseModelPrices(text: string, file: string): ModelPrices {
  const yaml = readYaml(text, Object.keys(File.shape));
  const form = File.safeParse(yaml.value);
  const wrong = [
    ...yaml.problems.map(({ line, message }) => `line ${line}: ${message}`),
    ...(form.error?.issues ?? []).map(
      ({ path, message }) => `line ${yaml.lineOf(path)}: ${`${path.join('.')} ${message}`.trim()}`,
    ),
  ];
  if (!form.success || wrong.length > 0) throw new BadPrices(`${file} does not fit: ${wrong.join('; ')}`);
  const prices = new Map<string, ModelPrice>(
    Object.entries(form.data.models).map(([name, model]) => [
      name,
      {
        input: model.input_usd_per_million,
        output: model.output_usd_per_million,
        cached: model.cached_usd_per_million ?? model.input_usd_per_million,
      },
    ]),
  );
  return { date: form.data.date, priceOf: (name) => prices.get(name) };
}
