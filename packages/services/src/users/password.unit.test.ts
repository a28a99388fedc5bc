import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

describe('passwords', () => {
  it('fit their own hash only', async () => {
    const stored = await hashPassword('a long enough passphrase');
    expect(await verifyPassword(stored, 'a long enough passphrase')).toBe(true);
    expect(await verifyPassword(stored, 'a long enough passphrase ')).toBe(false);
    expect(await hashPassword('a long enough passphrase')).not.toBe(stored);
  });

  it('are hashed at the cost that is also paid for an account that does not exist', async () => {
    expect(await hashPassword('a long enough passphrase')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('never fit an account that does not exist', async () => {
    expect(await verifyPassword(undefined, '')).toBe(false);
  });
});
