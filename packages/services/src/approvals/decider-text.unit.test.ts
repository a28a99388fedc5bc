import { expect, it } from 'vitest';
import { deciderText } from './decider-text.ts';

it.each([
  [null, null, ''],
  [null, 'Ann', ''],
  ['telegram:42', null, 'telegram:42'],
  ['telegram:42', 'Ann', 'Ann (telegram:42)'],
  ['operator:ann@example.com', 'ann@example.com', 'operator:ann@example.com'],
  ['operator:ann@example.com', 'Ann', 'Ann (operator:ann@example.com)'],
])('names who decided beside what the record says: %s, %s', (decided_by, decided_by_name, text) => {
  expect(deciderText({ decided_by, decided_by_name })).toBe(text);
});
