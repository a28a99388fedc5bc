import { expect, it } from 'vitest';
import { refusalOf } from './problem.ts';

const said = (status: number, code: string, detail = 'why') =>
  refusalOf(status, { code, detail }, 'Nothing was decided.').message;

it.each<[number, string, string]>([
  [401, 'unauthenticated', 'Log in again: npm run approvals -- login'],
  [403, 'forbidden', 'Log in as an operator'],
  [403, 'policy_denied', 'It can be rejected'],
  [404, 'not_found', 'npm run approvals -- list'],
  [409, 'kill_switch', 'Once it is lifted'],
  [410, 'gone', 'The agent has to ask anew'],
  [412, 'digest_mismatch', 'Look at it again'],
  [429, 'rate_limited', 'Wait a minute'],
  [503, 'unavailable', 'Try again in a moment'],
  [503, 'timeout', 'Try again in a moment'],
])('a %i %s says what came of it, and what to do', (status, code, remedy) => {
  const [what, then] = said(status, code).split('\n');
  expect(what).toContain('Nothing was decided.');
  expect(then).toContain(remedy);
});

it('names the objections of the policy, and fields that are wrong', () => {
  const denied = {
    code: 'policy_denied',
    detail: 'denied',
    rule: 'gate:a',
    reasons: [{ code: 'x', detail: 'too much' }],
  };
  expect(refusalOf(403, denied).message).toContain('The policy denies it (gate:a): too much, so nobody');
  const invalid = {
    code: 'validation_failed',
    detail: 'bad',
    errors: [{ field: 'reason', message: 'too long' }],
  };
  expect(refusalOf(400, invalid).message).toBe('The gateway refused: bad; reason too long.');
});

it('says the status of what is no problem document, and moves no cursor', () => {
  expect(refusalOf(502, '<html>').message).toBe('The gateway refused: HTTP 502.');
  expect(said(400, 'other', '\u001b[2J')).toContain('⟦U+001B⟧[2J');
});
