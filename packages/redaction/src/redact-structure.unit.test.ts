import { describe, expect, it } from 'vitest';
import { redactValue } from './redact-value.ts';

const secret = 'marten4k2q';
const hidden = (kind: string) => expect.stringMatching(new RegExp(`^\\[redacted:${kind}:[0-9a-f]{6}\\]$`));
const password = hidden('password');

describe('what redactValue gives for', () => {
  it.each<[what: string, value: unknown, out: unknown]>([
    ['a text', `password=${secret} x`, expect.stringMatching(/^password=\[redacted:password:\w{6}\] x$/)],
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['a number', 7, 7],
    ['a truth', true, true],
    ['a large number', { a: [5n] }, { a: ['5'] }],
    [
      'fields without a value',
      { a: null, b: undefined, c: [null, undefined] },
      { a: null, b: undefined, c: [null, undefined] },
    ],
    ['a list of everything', [1, 'a', false, null, {}], [1, 'a', false, null, {}]],
    ['a set', new Set(['a', `token=${secret}`]), ['a', expect.stringContaining('[redacted:token:')]],
    [
      'a map',
      new Map<unknown, unknown>([
        ['password', secret],
        [7, 'x'],
      ]),
      { password, 7: 'x' },
    ],
    [
      'an address',
      new URL(`https://ann:${secret}@host/x`),
      expect.stringMatching(/^https:\/\/ann:\[redacted:url-password:\w{6}\]@host\/x$/),
    ],
    ['a buffer', new ArrayBuffer(5), '[5 bytes]'],
    ['bytes', { a: new Uint8Array(3) }, { a: '[3 bytes]' }],
    [
      'numbers under a name',
      { password: 482_139, token: 482_139, pin: 3 },
      { password, token: 482_139, pin: 3 },
    ],
    ['a truth under a name', { password: true, secret: null }, { password: true, secret: null }],
    ['nothing under a name', { password: '', a: [] }, { password: '', a: [] }],
    [
      'what was redacted before',
      { password: '[redacted:token:0a1b2c]', a: [] },
      { password: '[redacted:token:0a1b2c]', a: [] },
    ],
    [
      'a list under a name',
      { passwords: ['a', { x: 'b', y: 'c' }] },
      { passwords: [password, { x: 'b', y: 'c' }] },
    ],
    [
      'a pair',
      { name: 'password', value: 'abc', other: 'abc' },
      { name: 'password', value: password, other: 'abc' },
    ],
    ['a pair in capitals', { Name: 'password', Value: 'abc' }, { Name: 'password', Value: password }],
    ['a pair of a key', { key: 'password', value: 'abc' }, { key: 'password', value: password }],
    ['a pair of a key in capitals', { Key: 'password', Value: 'abc' }, { Key: 'password', Value: password }],
    [
      'a pair of a header',
      { header: 'X-Api-Key', value: 'abc' },
      { header: 'X-Api-Key', value: hidden('api-key') },
    ],
    ['a pair of another name', { name: 'user', value: 'abc', a: [] }, { name: 'user', value: 'abc', a: [] }],
    [
      'a pair whose name is no text',
      { name: 7, key: 'password', value: 'abc' },
      { name: 7, key: 'password', value: password },
    ],
    [
      'a name without a value',
      { name: 'password', values: 'abc', a: [] },
      { name: 'password', values: 'abc', a: [] },
    ],
    [
      'a value without a name',
      { title: 'password', value: 'abc', a: [] },
      { title: 'password', value: 'abc', a: [] },
    ],
    ['a list of name and value', ['password', secret, 'x', 'y'], ['password', password, 'x', 'y']],
    ['one of several', ['a', 'b', 'password', 'hun ter'], ['a', 'b', 'password', password]],
    ['a list in which the name has another place', ['a', 'password', secret], ['a', 'password', secret]],
    ['a list of words', ['password', 'hunter'], ['password', 'hunter']],
    ['a list whose name is short', ['pw', secret], ['pw', secret]],
    [
      'a list whose name is none',
      ['!password', secret, 'password!', secret],
      ['!password', secret, 'password!', secret],
    ],
    ['a list of a number and a text', [7, secret], [7, secret]],
    [
      'a list of a name and something else',
      ['password', { a: 'x' }, 'password', 7],
      ['password', { a: 'x' }, 'password', 7],
    ],
    ['a cookie', { cookie: 'a=b' }, { cookie: hidden('cookie') }],
    ['a weak name', { key: secret, auth: secret }, { key: secret, auth: secret }],
  ])('%s', (_what, value, out) => {
    expect(redactValue(value)).toEqual(out);
  });

  it('names are redacted by what they hold', () => {
    for (const value of [
      { [`token=${secret}`]: 1 },
      new Map([[{ token: secret }, 1]]),
      { a: { [`token=${secret}`]: 1 } },
    ]) {
      const out = JSON.stringify(redactValue(value));
      expect(out).not.toContain(secret);
      expect(out).toContain('[redacted:token:');
    }
  });

  it('a date is the date', () => {
    const date = new Date(0);
    expect(redactValue([date])).toEqual([date]);
    expect(redactValue({ a: [date] }).a[0]).toBe(date);
  });

  it('headers, queries and forms are objects', () => {
    const form = new FormData();
    form.set('password', secret);
    form.set('a', 'b');
    expect(redactValue(form)).toEqual({ password, a: 'b' });
    expect(redactValue(new URLSearchParams({ token: secret, a: 'b' }))).toEqual({
      token: hidden('token'),
      a: 'b',
    });
    expect(redactValue(new Headers({ 'x-api-key': secret, a: 'b' }))).toEqual({
      'x-api-key': hidden('api-key'),
      a: 'b',
    });
  });

  it('what has nothing to hide is the very same, if it is flat', () => {
    for (const value of [
      { a: 'b', c: 1, d: true, e: undefined },
      Object.assign(Object.create(null), { a: 'b' }),
    ]) {
      expect(redactValue(value)).toBe(value);
    }
    for (const value of [{ value: 'a' }, { Value: 'a' }, { a: null }, { a: {} }, ['a']]) {
      expect(redactValue(value)).toEqual(value);
      expect(redactValue(value)).not.toBe(value);
    }
    const bare = Object.assign(Object.create(null), { password: secret }) as Record<string, unknown>;
    expect(redactValue(bare)).toEqual({ password });
    expect(bare['password']).toBe(secret);
  });

  it('what stands twice is shown twice, and only what stands within itself is cut', () => {
    const shared = { a: [1] };
    expect(redactValue({ x: shared, y: shared, z: [shared, shared] })).toEqual({
      x: shared,
      y: shared,
      z: [shared, shared],
    });
  });

  it('structures are read down to the 32nd', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'end' : { deep: nested(levels - 1) });
    expect(JSON.stringify(redactValue(nested(32)))).toContain('end');
    expect(JSON.stringify(redactValue(nested(33)))).not.toContain('end');
    expect(JSON.stringify(redactValue(nested(33)))).toContain('[cut]');
  });

  it('errors are what they say', () => {
    class OddError extends Error {
      override readonly name = 'OddError';
      readonly code = `token=${secret}`;
    }
    const error = new OddError(`password=${secret} no`, { cause: `api_key=${secret}` });
    error.stack = `OddError: password=${secret}\n    at x`;
    expect(redactValue(error)).toEqual({
      type: 'OddError',
      message: expect.stringMatching(/^password=\[redacted:password:\w{6}\] no$/),
      stack: expect.stringMatching(/^OddError: password=\[redacted:password:\w{6}\]\n {4}at x$/),
      code: expect.stringMatching(/^token=\[redacted:\w+:\w{6}\]$/),
      cause: expect.stringMatching(/^api_key=\[redacted:[\w-]+:\w{6}\]$/),
    });
    const plain = new Error('no');
    delete plain.stack;
    expect(Object.keys(redactValue(plain))).toEqual(['type', 'message']);
    const several = new AggregateError([new Error(`password=${secret}`)], 'all');
    expect(JSON.stringify(redactValue(several))).toMatch(
      /"errors":\[\{"type":"Error","message":"password=\[redacted/,
    );
  });
});
