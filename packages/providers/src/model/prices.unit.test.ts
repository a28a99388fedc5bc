import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '@actp/shared/settings';
import { parseModelPrices, readModelPrices } from './prices.ts';

const shipped = join(import.meta.dirname, '../../../../config/model-prices.yaml');
const read = (models: string) => parseModelPrices(`date: 2026-06-04\nmodels:\n${models}`, 'prices.yaml');

describe('the table of prices', () => {
  it('has the models that are used by default', async () => {
    const prices = await readModelPrices(shipped);
    const groq = `groq:${settings.GROQ_MODEL.parse(undefined)}`;
    const gemini = `gemini:${settings.GEMINI_MODEL.parse(undefined)}`;
    expect(prices.priceOf(groq)).toEqual({ input: 0.15, output: 0.6, cached: 0.075 });
    expect(prices.priceOf(gemini)).toBeDefined();
    expect(prices.priceOf('groq:another')).toBeUndefined();
    expect(prices.date).toMatch(/^2026-/);
  });

  it('takes the price of the input where none of the cache is written', () => {
    const prices = read('  "groq:m": { input_usd_per_million: 1, output_usd_per_million: 2 }');
    expect(prices.priceOf('groq:m')).toEqual({ input: 1, output: 2, cached: 1 });
  });

  it.each([
    ['', /models/],
    ['date: 2026-06-04', /models/],
    ['models: {}', /date/],
    ['date: soon\nmodels: {}', /line 1: date must be the day/],
    [
      'date: 2026-06-04\nmodels:\n  other:m: { input_usd_per_million: 1, output_usd_per_million: 1 }',
      /line 3.*named/,
    ],
    ['date: 2026-06-04\nmodels:\n  groq:m: { input_usd_per_million: 1 }', /groq:m\.output_usd_per_million/],
    [
      'date: 2026-06-04\nmodels:\n  groq:m: { input_usd_per_million: -1, output_usd_per_million: 1 }',
      /input_usd/,
    ],
    [
      'date: 2026-06-04\nmodels:\n  groq:m: { input_usd_per_million: "1", output_usd_per_million: 1 }',
      /input_usd/,
    ],
    [
      'date: 2026-06-04\nmodels:\n  groq:m: { input_usd_per_million: .nan, output_usd_per_million: 1 }',
      /input_usd/,
    ],
    [
      'date: 2026-06-04\nmodels:\n  groq:m: { input_usd_per_million: 1e-7, output_usd_per_million: 1 }',
      /six decimals/,
    ],
    ['date: 2026-06-04\nmodels:\n  groq:m: { input: 1 }', /groq:m/],
    ['date: 2026-06-04\nmodels: {', /line \d/],
    ['date: 2026-06-04\nmodels: {}\nmore: 1', /more/],
  ])('names the file and the field of %j', (text, message) => {
    const parse = () => parseModelPrices(text, 'config/prices.yaml');
    expect(parse).toThrow(/^config\/prices\.yaml does not fit: /);
    expect(parse).toThrow(message);
  });

  it('names a file that is missing', async () => {
    await expect(readModelPrices('/nowhere/prices.yaml')).rejects.toThrow(
      '/nowhere/prices.yaml cannot be read',
    );
  });
});
