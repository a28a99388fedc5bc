import { describe, expect, it } from 'vitest';
import { readResendAnswer } from './resend-answer.ts';

const answer = (status: number, body: unknown) =>
  readResendAnswer({ kind: 'answer', status, headers: new Headers(), text: JSON.stringify(body) });

describe('[EFF-001] what an answer of Resend says of a mail', () => {
  it.each([
    [400, 'not_done'],
    [403, 'not_done'],
    [422, 'not_done'],
    // Whoever says so does not say that the mail has not left.
    [408, 'unknown'],
    [409, 'unknown'],
    [425, 'unknown'],
    [500, 'unknown'],
    [302, 'unknown'],
  ])('%i: %s', (status, state) => {
    const body = { statusCode: status, name: 'validation_error', message: 'no' };
    expect(answer(status, body)).toMatchObject({ state });
  });

  it.each<[what: string, status: number, body: unknown]>([
    ['of another status', 403, { statusCode: 422, name: 'validation_error', message: 'no' }],
    ['of somebody else', 403, { error: 'forbidden by a firewall' }],
    ['without a mail', 200, { object: 'email' }],
  ])('an answer %s is unknown', (_what, status, body) => {
    expect(answer(status, body)).toMatchObject({ state: 'unknown', again: true });
  });
});
