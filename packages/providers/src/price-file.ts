import { readFile } from 'node:fs/promises';
import { readYaml } from '@actp/shared/yaml/read-yaml';
import type { z } from 'zod';

/** A table of prices that cannot be read. The message names the file and each field. */
export class BadPrices extends Error {
  override readonly name = 'BadPrices';
}

/** @throws BadPrices */
export async function readPriceFile<S extends z.ZodObject>(file: string, form: S): Promise<z.output<S>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new BadPrices(`${file} cannot be read`, { cause: error });
  }
  return parsePriceFile(text, file, form);
}

/**
 * @param file how the file is called in messages
 * @throws BadPrices
 */
export function parsePriceFile<S extends z.ZodObject>(text: string, file: string, form: S): z.output<S> {
  const yaml = readYaml(text, Object.keys(form.shape));
  const read = form.safeParse(yaml.value);
  const wrong = [
    ...yaml.problems.map(({ line, message }) => `line ${line}: ${message}`),
    ...(read.error?.issues ?? []).map(
      ({ path, message }) => `line ${yaml.lineOf(path)}: ${`${path.join('.')} ${message}`.trim()}`,
    ),
  ];
  if (!read.success || wrong.length > 0) throw new BadPrices(`${file} does not fit: ${wrong.join('; ')}`);
  return read.data;
}
