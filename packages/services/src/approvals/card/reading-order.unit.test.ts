import { describe, expect, it } from 'vitest';
import { parseExactly, type ExactJson } from '@actp/shared/exact-json';
import { inReadingOrder } from './reading-order.ts';

type Fields = { readonly [key: string]: ExactJson };

const keysOf = (details: string, order: string | null = null) =>
  Object.keys(inReadingOrder(parseExactly(details) as Fields, order));

describe('the order in which people read details', () => {
  it.each([
    ...[
      'amount',
      'amount_usd',
      'totalPrice',
      'COST',
      'unit-price',
      'amountusd',
      'budget_usd',
      'Total',
      'amounts',
    ],
    ...[
      'subtotal',
      'subtotals',
      'sum',
      'sums',
      'budgets',
      'fee',
      'fees',
      'payment',
      'payments',
      'eur',
      'the, price',
    ],
  ])('%s is money and comes first', (key) =>
    expect(keysOf(JSON.stringify({ a: 1, to: 'x', [key]: 5 }))).toEqual([key, 'to', 'a']),
  );

  it.each([
    'to',
    'To',
    'cc',
    'bcc',
    'recipients',
    'recipientEmail',
    'payee',
    'shipping_address',
    'toAddress',
    ...['payees', 'beneficiary', 'beneficiaries', 'address', 'addresses', 'addressee', 'addressees'],
    ...['destination', 'destinations', 'receiver', 'receivers', 'iban', 'wallet', 'wallets'],
  ])('%s is somebody who gets something, and comes next', (key) =>
    expect(keysOf(JSON.stringify({ a: 1, [key]: 'x', price: 1 }))).toEqual(['price', key, 'a']),
  );

  it.each(['tone', 'token_count', 'assume', 'together', 'ccc'])('%s is neither', (key) =>
    expect(keysOf(JSON.stringify({ a: 1, [key]: 'x', to: 1 }))).toEqual(['to', 'a', key]),
  );

  it('is the order that was sent for the rest, at every depth', () => {
    const sorted = inReadingOrder(
      parseExactly('{"b":1,"list":[{"x":1,"note":2}],"zeta":3}') as Fields,
      '{"zeta":0,"list":[{"note":0,"x":0}],"b":0}',
    );
    expect(JSON.stringify(Object.keys(sorted))).toBe('["zeta","list","b"]');
    const [item] = sorted['list'] as readonly Fields[];
    expect(Object.keys(item ?? {})).toEqual(['note', 'x']);
  });

  it('puts an object where the most important thing in it belongs', () => {
    expect(keysOf('{"note":"x","order":{"id":1,"amount":5},"team":[{"to":"a"}]}')).toEqual([
      'order',
      'team',
      'note',
    ]);
  });

  it.each([null, '', 'no json', '[]', '0', '{"a":{"b":0}}', '{"gone":0,"__proto__":0}'])(
    'leaves nothing out and changes nothing, whatever order is stored: %j',
    (order) => {
      const details = parseExactly('{"a":1.50,"__proto__":{"x":1},"to":"b","c":[1,{"d":null}]}') as Fields;
      const sorted = inReadingOrder(details, order);
      expect(sorted).toEqual(details);
      expect(Object.keys(sorted)).toContain('__proto__');
    },
  );
});
