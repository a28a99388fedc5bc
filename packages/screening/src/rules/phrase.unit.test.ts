import { expect, it } from 'vitest';
import { phrase } from './phrase.ts';

it('a phrase of a kind that does not exist is refused by name', () =>
  expect(() => phrase('sql', 'odd', [0, 0], 'ignore nothing', '')).toThrow(
    new TypeError('odd: there is no kind nothing'),
  ));
