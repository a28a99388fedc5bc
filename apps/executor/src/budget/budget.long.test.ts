import process from 'node:process';
import { expect, it } from 'vitest';
import { buyBeyondBudget } from './budget.fixture.ts';

it('[POL-001] a thousand purchases from three executors never go beyond the budget of the day', async () => {
  const result = await buyBeyondBudget({ purchases: 1_000, executors: 3, fitting: 100 });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  expect(result).toEqual({ bought: 50, paid: 50 * 60_000, refused: 900 });
});
