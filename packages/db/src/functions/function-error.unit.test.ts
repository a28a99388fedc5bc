import { expect, it } from 'vitest';
import { cannotApply } from './function-error.ts';

it('[SEC-020] what is said of a function file holds no secret', () => {
  const key = ['actp', 'key', 'e'.repeat(64)].join('_');
  const { message } = cannotApply(
    { file: 'users/one.sql', text: '', sha256: '', functions: [] },
    new Error(`no such column: ${key}`),
  );
  expect(message).toMatch(/users\/one\.sql cannot be applied: no such column: \[redacted/);
  expect(message).not.toContain('eeee');
});
