import { expect, it } from 'vitest';
import { storedKey } from './idempotency-key.ts';

it('a key is stored as it is, unless it holds a secret; then as a hash that tells keys apart', () => {
  expect(storedKey('order-4711')).toBe('order-4711');
  const secret = (letter: string) => `order-${['actp', 'key', letter.repeat(64)].join('_')}`;
  expect(storedKey(secret('e'))).toMatch(/^sha256:[\da-f]{64}$/);
  expect(storedKey(secret('e'))).toBe(storedKey(secret('e')));
  expect(storedKey(secret('e'))).not.toBe(storedKey(secret('f')));
});
