import { expect, it } from 'vitest';
import { keyOrder } from './key-order.ts';

it('the order of keys says nothing of the values', () => {
  const details = { zeta: 'secret', a: [{ d: 1, c: null }, 'x'], b: { y: true, x: {} } };
  expect(keyOrder(details)).toBe('{"zeta":0,"a":[{"d":0,"c":0},0],"b":{"y":0,"x":{}}}');
});
