import { describe, expect, it } from 'vitest';
import { createSecretCheck } from './worker-secret.ts';

const [current, previous] = ['current-secret-0123456789', 'previous-secret-9876543210-longer'];

describe('the worker secret', () => {
  const check = createSecretCheck([current, previous]);

  it.each([current, previous])('is the current or the previous one: %s', (secret) => {
    expect(check(secret)).toBe(true);
    // What was presented before is not remembered.
    expect(check(secret.slice(0, -1))).toBe(false);
    expect(check(secret)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['its beginning', current.slice(0, -1)],
    ['more than it', `${current}x`],
    ['another letter at its end', `${current.slice(0, -1)}0`],
    ['another letter at its beginning', `C${current.slice(1)}`],
    ['upper case', current.toUpperCase()],
    ['both, one behind the other', `${current}${previous}`],
    ['as many bytes of something else', 'x'.repeat(current.length)],
    ['a blank behind it', `${current} `],
    ['NUL behind it', `${current}\0`],
  ])('is not %s', (_what, presented) => expect(check(presented)).toBe(false));

  it('is none where none is accepted', () => {
    expect(createSecretCheck([])('')).toBe(false);
    expect(createSecretCheck([])(current)).toBe(false);
    expect(createSecretCheck([current])(previous)).toBe(false);
  });
});
