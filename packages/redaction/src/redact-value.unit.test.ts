import { describe, expect, it } from 'vitest';
import { redactValue } from './redact-value.ts';

// Built from parts so that no scanner takes this file for a leak.
const letters = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj';
const hidden = (kind: string) => expect.stringMatching(new RegExp(`^\\[redacted:${kind}:[0-9a-f]{6}\\]$`));

describe('redactValue', () => {
  it('[SEC-020] redacts by name and by content, at any depth', () => {
    const input = {
      user: 'ann',
      password: 'abc',
      nested: [{ accessToken: 'x', note: `Bearer ${letters}` }],
      tests_passed: 3,
      max_tokens: 10,
    };
    expect(redactValue(input)).toEqual({
      user: 'ann',
      password: hidden('password'),
      nested: [
        { accessToken: hidden('token'), note: expect.stringMatching(/^Bearer \[redacted:bearer:\w{6}\]$/) },
      ],
      tests_passed: 3,
      max_tokens: 10,
    });
    expect(input.password).toBe('abc');
  });

  it.each<[where: string, value: unknown]>([
    ['a pair of name and value', { name: 'API_TOKEN', value: 'hunter2hunter2' }],
    ['a list of such pairs', [{ key: 'db.password', value: 'hunter2hunter2' }]],
    ['pairs as lists', [['Authorization', 'hunter2hunter2']]],
    ['raw headers', ['Host', 'a', 'X-Api-Key', 'hunter2hunter2', 'Accept', '*/*']],
    ['a map', new Map([['password', 'hunter2hunter2']])],
    ['headers', new Headers({ 'x-api-key': 'hunter2hunter2' })],
    ['a query', new URLSearchParams({ access_token: 'hunter2hunter2' })],
    ['an address', new URL('https://ann:hunter2hunter2@host/')],
    ['a set', new Set(['password=hunter2hunter2'])],
    ['a list under the name', { passwords: ['hunter2hunter2'] }],
    ['a header of several values', { 'set-cookie': ['sid=hunter2hunter2'] }],
    ['JSON in a string', { body: JSON.stringify({ password: 'hunter2hunter2' }) }],
    [
      'JSON in JSON in a string',
      { body: JSON.stringify({ b: JSON.stringify({ token: 'hunter2hunter2' }) }) },
    ],
    ['the cause of an error', new Error('a', { cause: new Error('password=hunter2hunter2') })],
    ['errors together', new AggregateError([new Error('password=hunter2hunter2')], 'all')],
    ['the name of a field', { 'redis://:hunter2hunter2@host': 1 }],
    ['a number', { pin: 1, password: 4_821_397 }],
  ])('[SEC-020] takes secrets out of %s', (_where, value) => {
    const out = JSON.stringify(redactValue(value));
    expect(out).not.toContain('hunter2');
    expect(out).not.toContain('4821397');
    expect(out).toContain('[redacted:');
  });

  it('keeps words that stand behind the name of a secret in a list', () => {
    expect(redactValue({ tags: ['password', 'reset', 'email'] })).toEqual({
      tags: ['password', 'reset', 'email'],
    });
  });

  it('shows how many bytes there were, and not the bytes', () => {
    expect(redactValue({ body: Buffer.from('password=hunter2') })).toEqual({ body: '[16 bytes]' });
  });

  it('gives back the very same object when it is flat and has nothing to hide', () => {
    const fields = { method: 'GET', path: '/v1/jobs', status: 200, ms: 3 };
    expect(redactValue(fields)).toBe(fields);
  });

  it('changes nothing when it is applied twice', () => {
    const once = redactValue({
      password: 'hunter2hunter2',
      authorization: `Bearer ${letters}`,
      list: [{ name: 'token', value: 'x1' }],
    });
    expect(redactValue(once)).toEqual(once);
  });

  it('cuts cycles and absurd depth instead of failing', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    expect(redactValue(cycle)).toEqual({ name: 'a', self: '[cut]' });
    let deep: unknown = 'end';
    for (let i = 0; i < 10_000; i++) deep = { deep };
    expect(JSON.stringify(redactValue(deep))).toContain('[cut]');
  });

  it('[POL-003] keeps errors readable without their secrets', () => {
    const error = new Error(`connect redis://:${'hunter2hunter2'}@host failed`);
    const out = JSON.stringify(redactValue({ error }));
    expect(out).toContain('[redacted:url-password:');
    expect(out).not.toContain('hunter2');
  });

  it('[SEC-020] hides what looks random under a name of several, and none of their names', () => {
    // Others each time: a value that was found is hidden everywhere.
    const key = (n: number) => `x7Qz9L${n}m2Vt5Rk8Wp4Bn6`;
    const hidden = expect.stringMatching(/^\[redacted:(?:api-key|token|secret):\w{6}\]$/) as string;
    expect(
      redactValue({
        api_keys: [key(0), 'DB_PASSWORD', 'my-registry-secret', 7, null],
        API_KEYS: `${key(1)},${key(2)}`,
        tokens: { inner: ['hello', [key(3)]] },
        clientSecrets: [[key(4)]],
        max_tokens: '4096',
        public_keys: [key(5)],
      }),
    ).toEqual({
      api_keys: [hidden, 'DB_PASSWORD', 'my-registry-secret', 7, null],
      API_KEYS: hidden,
      tokens: { inner: ['hello', [key(3)]] },
      clientSecrets: [[hidden]],
      max_tokens: '4096',
      public_keys: [key(5)],
    });
  });
});
