import { describe, expect, it } from 'vitest';
import { readByAny, sessionSecretsOf } from './session-secrets.ts';

describe('[OPS-002] the secrets of sessions', () => {
  it('are two while one is replaced by another', () => {
    expect(sessionSecretsOf('new', 'old')).toEqual({ current: 'new', previous: 'old' });
    expect(sessionSecretsOf('same', 'same')).toEqual({ current: 'same', previous: undefined });
    expect(sessionSecretsOf('new', undefined)).toEqual({ current: 'new', previous: undefined });
  });

  it.each([
    ['new', 'old', 'new', ['new']],
    ['new', 'old', 'old', ['new', 'old']],
    ['new', 'old', 'other', ['new', 'old']],
    ['new', undefined, 'old', ['new']],
  ])(
    'are tried one after the other: %s, %s for a token of %s',
    async (current, previous, signedBy, tried) => {
      const asked: string[] = [];
      const said = await readByAny({ current, previous }, async (secret) => {
        asked.push(secret);
        return secret === signedBy ? `by ${secret}` : undefined;
      });
      expect(asked).toEqual(tried);
      expect(said).toBe(tried.includes(signedBy) ? `by ${signedBy}` : undefined);
    },
  );
});
