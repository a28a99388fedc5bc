import { expect, it } from 'vitest';
import { reportedError } from './reported-error.ts';

it.each([
  ['mailbox full', 'mailbox full'],
  [{ error: 'mailbox full', code: 5 }, 'mailbox full'],
  [{ error: { message: 'mailbox full' } }, 'mailbox full'],
  [{ message: 'mailbox full' }, 'mailbox full'],
  [{ code: 5 }, '{"code":5}'],
  [{ error: '' }, '{"error":""}'],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
  [5, undefined],
  ['  ', undefined],
])('of the result %j the card shows %j', (result, shown) => expect(reportedError(result)).toBe(shown));
