import { readFile } from 'node:fs/promises';
import { readYaml } from '@actp/shared/yaml/read-yaml';
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

/** A table of prices that cannot be read. The message names the file and each field. */
class BadProviderPrices extends Error {
  override readonly name = 'BadProviderPrices';
}

/** @throws BadProviderPrices */
export async function readProviderPrices(file: string): Promise<ProviderPrices> {
  try {
    return parseProviderPrices(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof BadProviderPrices) throw error;
    throw new BadProviderPrices(`${file} cannot be read`, { cause: error });
  }
}

/**
 * @param file how the file is called in messages
 * @throws BadProviderPrices
 */
export function parseProviderPrices(text: string, file: string): ProviderPrices {
  const yaml = readYaml(text, Object.keys(File.shape));
  const form = File.safeParse(yaml.value);
  const wrong = [
    ...yaml.problems.map(({ line, message }) => `line ${line}: ${message}`),
    ...(form.error?.issues ?? []).map(
      ({ path, message }) => `line ${yaml.lineOf(path)}: ${`${path.join('.')} ${message}`.trim()}`,
    ),
  ];
  if (!form.success || wrong.length > 0)
    throw new BadProviderPrices(`${file} does not fit: ${wrong.join('; ')}`);
  return { date: form.data.date, searchUsd: form.data.brave.search_usd };
}
