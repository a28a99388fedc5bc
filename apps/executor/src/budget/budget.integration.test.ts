import { expect, it } from 'vitest';
import { buyBeyondBudget } from './budget.fixture.ts';

it('[POL-001] purchases at the same moment from two executors never go beyond the budget of the day', async () => {
  expect(await buyBeyondBudget({ purchases: 40, executors: 2, fitting: 10 })).toEqual({
    bought: 5,
    paid: 5 * 60_000,
    refused: 30,
  });
});
