import { expect, it } from 'vitest';
import { pauseAfter } from './retry-schedule.ts';

it('tries for about a day, ever more slowly, and then gives up', () => {
  const pauses: number[] = [];
  for (let attempt = 1; pauseAfter(attempt) !== undefined; attempt += 1)
    pauses.push(pauseAfter(attempt) ?? 0);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3_600;
  expect(hours).toBeGreaterThan(23.5);
  expect(hours).toBeLessThan(24.5);
});
