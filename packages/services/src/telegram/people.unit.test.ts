import { expect, it } from 'vitest';
import { personName } from './people.ts';

it.each([
  ['Ann', 'Ann'],
  ['  Ann\n Lee ', 'Ann Lee'],
  ['Bob (operator:boss@example.com)', 'Bob operator boss example.com'],
  ['A\u202Enn', 'A⟦U+202E⟧nn'],
  ['', ''],
])('the name %j is shown as %j', (name, shown) => expect(personName(name)).toBe(shown));

it('a name is never longer than its column, nor cut within a character', () => {
  const name = personName('🙂'.repeat(100));
  expect(Array.from(name).length).toBeLessThanOrEqual(64);
  expect(name.isWellFormed()).toBe(true);
});

it('a name that is a secret is not shown', () => {
  expect(personName(['actp', 'key', 'e'.repeat(64)].join('_'))).not.toContain('eeee');
});
