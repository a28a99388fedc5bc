import { describe, expect, it } from 'vitest';
import { PurchaseInput } from './input.ts';

const quantityOf = (quantity: unknown) => PurchaseInput.safeParse({ asset: 'btc', quantity }).data?.quantity;

describe('how much is bought', () => {
  it.each([
    ['0.5', '0.5'],
    [' 1 ', '1'],
    ['1.500', '1.5'],
    [2, '2'],
    [1e-7, '0.0000001'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['1000000000000', '1000000000000'],
  ])('%j is %s', (quantity, text) => expect(quantityOf(quantity)).toBe(text));

  it.each([
    0,
    '0',
    '0.000',
    -1,
    '-1',
    NaN,
    Infinity,
    '',
    'one',
    '1,000',
    '1/2',
    '0x10',
    '0.0000000000000000001',
    '1000000000000.1',
    '1e13',
    '1e99',
    '9'.repeat(100),
    null,
    {},
    [1],
    true,
  ])('%j is nothing that can be bought', (quantity) => expect(quantityOf(quantity)).toBeUndefined());

  it('is of one asset, and of nothing else', () => {
    for (const asset of ['', ' ', 'x'.repeat(61), 5, undefined]) {
      expect(PurchaseInput.safeParse({ asset, quantity: 1 }).success).toBe(false);
    }
    for (const asset of ['bit\u200Bcoin', '\u202Ebitcoin', 'bit\ncoin', 'bit\u00ADcoin']) {
      expect(PurchaseInput.safeParse({ asset, quantity: 1 }).success).toBe(false);
    }
    expect(PurchaseInput.safeParse({ asset: 'btc', quantity: 1, max_spend: 5 }).success).toBe(false);
  });
});
