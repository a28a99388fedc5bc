import { expect, it } from 'vitest';
import { errorCodeSuffix } from './store-problem.ts';

const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });

it.each<[what: string, error: unknown, suffix: string]>([
  ['of the error', coded('ECONNREFUSED'), ' (ECONNREFUSED)'],
  ['of what caused it', new Error('x', { cause: coded('ENOTFOUND') }), ' (ENOTFOUND)'],
  ['of its own rather than of its cause', coded('EPIPE', coded('ENOTFOUND')), ' (EPIPE)'],
  ['of its cause when its own is a number', coded(23, coded('ENOTFOUND')), ' (ENOTFOUND)'],
  [
    'of the last node of a cluster',
    Object.assign(new Error('x'), { lastNodeError: coded('ETIMEDOUT') }),
    ' (ETIMEDOUT)',
  ],
  ['that is none', new Error('x'), ''],
  ['of what is no error', { code: 'EPIPE' }, ''],
  ['of nothing', undefined, ''],
])('names the code %s', (_what, error, suffix) => {
  expect(errorCodeSuffix(error)).toBe(suffix);
});
