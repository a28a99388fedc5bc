import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProviderPrices, readProviderPrices } from './provider-prices.ts';

const file = join(import.meta.dirname, '../../../../config/provider-prices.yaml');
const parse = (text: string) => parseProviderPrices(text, 'prices.yaml');

describe('prices of services', () => {
  it('are in the file that is shipped, with their day', async () => {
    const { date, searchUsd } = await readProviderPrices(file);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(searchUsd).toBeGreaterThan(0);
  });

  it('may be nothing', () => {
    expect(parse('date: 2026-06-04\nbrave: { search_usd: 0 }')).toEqual({ date: '2026-06-04', searchUsd: 0 });
  });

  it.each([
    ['', 'must have date and brave'],
    ['brave: { search_usd: 1 }', 'date must be the day'],
    ['date: yesterday\nbrave: { search_usd: 1 }', 'line 1: date must be the day'],
    ['date: 2026-06-04\nbrave: { search_usd: -1 }', 'line 2: brave.search_usd must be an amount'],
    ['date: 2026-06-04\nbrave: { search_usd: "1" }', 'brave.search_usd must be an amount'],
    ['date: 2026-06-04\nbrave: { search_usd: .inf }', 'brave.search_usd must be an amount'],
    ['date: 2026-06-04\nbrave: { search_usd: 0.0000001 }', 'brave.search_usd must be an amount'],
    ['date: 2026-06-04\nbrave: {}', 'brave.search_usd must be an amount'],
    ['date: 2026-06-04\nbrave: { search_usd: 1 }\nbing: 1', 'prices.yaml does not fit'],
    ['date: [', 'prices.yaml does not fit'],
  ])('are refused when they say %j', (text, message) => expect(() => parse(text)).toThrow(message));

  it('are refused when there is no such file', async () => {
    await expect(readProviderPrices('/nowhere/prices.yaml')).rejects.toThrow(
      '/nowhere/prices.yaml cannot be read',
    );
  });
});
