import { describe, expect, it } from 'vitest';
import { parseExactly, type ExactNumber } from '@actp/shared/exact-json';
import { currencyOf, moneyText } from './money.ts';

describe('the currency of a number', () => {
  it.each([
    ...['usd', 'USD', 'amount_usd', 'amount-usd', 'BUDGET_USD', 'costUsd', 'costUSD', 'total2Usd', 'a_Usd'],
  ])('is in its name: %s', (key) => {
    expect(currencyOf(key, {})).toBe('USD');
  });

  it.each(['usdt', 'musd', 'Usdx', 'amount_usd_cents', 'XUSD', '_Usdx', 'usd_rate'])(
    'is not in a name that only looks alike: %s',
    (key) => {
      expect(currencyOf(key, {})).toBeUndefined();
    },
  );

  it.each(['amount', 'Amount', 'total', 'price', 'cost', 'budget', 'value'])(
    'of an amount stands beside it: %s',
    (key) => {
      expect(currencyOf(key, { currency: 'eur' })).toBe('EUR');
      expect(currencyOf(key, {})).toBeUndefined();
    },
  );

  it.each(['amounts', 'the_amount', 'subtotal', 'count'])('stands beside no other number: %s', (key) => {
    expect(currencyOf(key, { currency: 'EUR' })).toBeUndefined();
  });

  it.each(['EURO', 'EU', '', 'E1R', ' EUR', 'EUR ', 5, null, ['EUR']])('is none of %j', (currency) => {
    const beside = parseExactly(JSON.stringify({ currency })) as Parameters<typeof currencyOf>[1];
    expect(currencyOf('amount', beside)).toBeUndefined();
  });

  it('is the object’s own', () => {
    const inherited = Object.create({ currency: 'EUR' }) as Parameters<typeof currencyOf>[1];
    expect(currencyOf('amount', inherited)).toBeUndefined();
  });
});

describe('money', () => {
  it.each([
    ['0', '0.00'],
    ['5', '5.00'],
    ['-5', '-5.00'],
    ['0.1', '0.10'],
    ['0.105', '0.105'],
    ['12.50', '12.50'],
    ['999', '999.00'],
    ['1000', '1,000.00'],
    ['-1234567.5', '-1,234,567.50'],
    ['12345678901234567890', '12,345,678,901,234,567,890.00'],
    // Written with an exponent it stays as it is.
    ['1e3', '1e3'],
    ['1.5E-7', '1.5E-7'],
  ])('%s is shown as %s', (text, shown) => {
    expect(moneyText(parseExactly(text) as ExactNumber, 'CHF')).toBe(`${shown} CHF`);
  });
});
