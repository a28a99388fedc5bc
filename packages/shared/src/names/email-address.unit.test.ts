import { describe, expect, it } from 'vitest';
import { OperatorEmail, UserEmail } from './email-address.ts';

describe('[TASK-001] an address with which somebody registers', () => {
  it.each([
    'ann@example.com',
    'Ann.Lee+tasks@mail.example.co.uk',
    "o'brien_1@example-mail.org",
    `${'a'.repeat(64)}@example.com`,
    '1@1.example',
  ])('may be %s', (address) => {
    expect(UserEmail.parse(` ${address}\t`)).toBe(address);
    expect(OperatorEmail.safeParse(address).success).toBe(true);
  });

  it.each([
    '',
    '@',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@localhost',
    'ann@127.0.0.1',
    'ann@[127.0.0.1]',
    'ann@example.com@example.com',
    'ann@example..com',
    'ann@.example.com',
    'ann@example.com.',
    'ann@-example.com',
    'ann@example-.com',
    `ann@${'e'.repeat(64)}.com`,
    '.ann@example.com',
    'ann.@example.com',
    'an..n@example.com',
    'a n@example.com',
    'ann@exa mple.com',
    'ann\n@example.com',
    'ann@example.com\nbob@example.com',
    'ann@example.com,bob@example.com',
    'Ann <ann@example.com>',
    '"ann"@example.com',
    'operator:ann@example.com',
    'user:ann@example.com',
    'telegram:1@example.com',
    'login:ann@example.com',
    'oper@t.or',
    'änn@example.com',
    'ann@exämple.com',
    'аnn@example.com',
    'ann\u202e@example.com',
    'ann\0@example.com',
    "' or 1=1 --@example.com",
    `${'a'.repeat(65)}@example.com`,
    `ann@${'example.'.repeat(15)}com`,
    `${'a'.repeat(1_000_000)}@example.com`,
  ])('is not %j', (address) => {
    expect(UserEmail.safeParse(address).success).toBe(false);
  });
});
