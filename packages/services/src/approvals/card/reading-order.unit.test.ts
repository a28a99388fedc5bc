import { describe, expect, it } from 'vitest';
import { parseExactly, type ExactJson } from '@actp/shared/exact-json';
import { inReadingOrder } from './reading-order.ts';

type Fields = { readonly [key: string]: ExactJson };

const keysOf = (details: string, order: string | null = null) =>
  Object.keys(inReadingOrder(parseExactly(details) as Fields, order));

describe('the order in which people read details', () => {
  it.each([
    ...['amount', 'amounts', 'amount_usd', 'amountusd', 'price', 'prices', 'unit-price', 'the, price'],
    ...['total', 'totals', 'Total', 'totalPrice', 'subtotal', 'subtotals', 'cost', 'costs', 'COST'],
    ...['sum', 'sums', 'budget', 'budgets', 'budget_usd', 'fee', 'fees', 'payment', 'payments'],
    ...['usd', 'eur', 'pricePerUnit', 'costly', 'total2', 'max3Usd'],
  ])('%s is money and comes first', (key) =>
    expect(keysOf(JSON.stringify({ a: 1, to: 'x', [key]: 5 }))).toEqual([key, 'to', 'a']),
  );

  it.each([
    ...['to', 'To', 'cc', 'bcc', 'recipients', 'recipientEmail', 'payee', 'payees', 'shipping_address'],
    ...['toAddress', 'beneficiary', 'beneficiaries', 'address', 'addresses', 'addressee', 'addressees'],
    ...['destination', 'destinations', 'receiver', 'receivers', 'iban', 'wallet', 'wallets', 'to -- whom'],
  ])('%s is somebody who gets something, and comes next', (key) =>
    expect(keysOf(JSON.stringify({ a: 1, [key]: 'x', price: 1 }))).toEqual(['price', key, 'a']),
  );

  it.each([
    ...[
      'tone',
      'token_count',
      'assume',
      'together',
      'ccc',
      'xcost',
      'summary',
      'feed',
      'payment2',
      'repayments',
    ],
    ...['usdt', 'euro', 'ibanx', 'budgeting', 'receiverless', 'myto'],
  ])('%s is neither', (key) =>
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

  it('is the order that was sent where others are as important, also within lists of different lengths', () => {
    const sorted = (details: string, order: string) =>
      JSON.stringify(inReadingOrder(parseExactly(details) as Fields, order));
    const list = '{"list":[{"a":null,"b":null},{"a":null,"b":null}]}';
    expect(sorted(list, '{"list":[{"b":0}]}')).toBe('{"list":[{"b":null,"a":null},{"a":null,"b":null}]}');
    // Where another thing was sent than what is stored, its order says nothing.
    expect(sorted(list, '{"list":{"0":{"b":0}}}')).toBe(list);
    expect(sorted('{"o":{"1":null,"b":null,"a":null}}', '{"o":["x","a"]}')).toBe(
      '{"o":{"1":null,"b":null,"a":null}}',
    );
    // What was not sent comes last, as it is stored.
    expect(sorted('{"x":null,"y":null,"a":null,"z":null}', '{"a":0,"z":0}')).toBe(
      '{"a":null,"z":null,"x":null,"y":null}',
    );
  });

  it('looks at the first ten of a list only', () => {
    const list = (place: number) =>
      JSON.stringify({
        a: null,
        list: Array.from({ length: 12 }, (_, i) => (i === place ? { amount: 1 } : null)),
      });
    expect(keysOf(list(9))).toEqual(['list', 'a']);
    expect(keysOf(list(10))).toEqual(['a', 'list']);
  });

  it('looks no deeper than the gateway lets in, and shows what is below', () => {
    const nested = (depth: number, inner: string) => `${'{"x":'.repeat(depth)}${inner}${'}'.repeat(depth)}`;
    const deep = (depth: number) => `{"a":null,"o":${nested(depth, '{"b":null,"amount":null}')}}`;
    expect(keysOf(deep(60))).toEqual(['o', 'a']);
    expect(keysOf(deep(80))).toEqual(['a', 'o']);
    const lists = (depth: number) => `{"a":null,"o":${'['.repeat(depth)}{"amount":1}${']'.repeat(depth)}}`;
    expect(keysOf(lists(60))).toEqual(['o', 'a']);
    expect(keysOf(lists(80))).toEqual(['a', 'o']);
    const details = parseExactly(deep(80)) as Fields;
    expect(inReadingOrder(details, null)).toEqual(details);
    const inOrder = (depth: number) =>
      JSON.stringify(inReadingOrder(parseExactly(deep(depth)) as Fields, null)).includes('"amount":null,"b"');
    expect([inOrder(60), inOrder(80)]).toEqual([true, false]);
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
