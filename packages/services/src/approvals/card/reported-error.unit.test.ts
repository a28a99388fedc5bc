import { expect, it } from 'vitest';
import { reportedError } from './reported-error.ts';

it.each([
  ['mailbox full', 'mailbox full'],
  [{ error: 'mailbox full', code: 5 }, 'mailbox full'],
  [{ error: { message: 'mailbox full' } }, 'mailbox full'],
  [{ message: 'mailbox full' }, 'mailbox full'],
  [{ error_message: 'mailbox full' }, 'mailbox full'],
  [{ detail: ['x'], reason: 'mailbox full' }, '["x"]'],
  [{ detail: 'mailbox full' }, 'mailbox full'],
  [{ code: 5, reason: 'mailbox full' }, 'mailbox full'],
  // The first of them that says something.
  [{ reason: 'e', detail: 'd', error_message: 'c', message: 'b', error: 'a' }, 'a'],
  [{ reason: 'e', detail: 'd', error_message: 'c', message: 'b', error: {} }, 'b'],
  [{ reason: 'e', detail: 'd', error_message: 'c', message: null }, 'c'],
  [{ reason: 'e', detail: 'd' }, 'd'],
  [Object.create({ error: 'of another' }), undefined],
  ['x'.repeat(2_001), 'x'.repeat(2_000)],
  // Within a character it is not cut.
  [`${'x'.repeat(1_999)}😀`, `${'x'.repeat(1_999)}\uFFFD`],
  [{ code: 5 }, '{"code":5}'],
  [{ error: '' }, '{"error":""}'],
  [{}, undefined],
  [null, undefined],
  [undefined, undefined],
  [5, undefined],
  ['  ', undefined],
])('of the result %j the card shows %j', (result, shown) => expect(reportedError(result)).toBe(shown));
