import { describe, expect, it } from 'vitest';
import { assertUnambiguous } from './strict-json.ts';

describe('JSON with one meaning', () => {
  it.each([
    '{}',
    '{"a":{"b":1},"b":[{"a":1},{"a":2}]}',
    '{"emoji":"\\ud83d\\ude00","text":"\u{1f600}"}',
    '{"money":123.45,"big":9007199254740991,"small":1e-7,"none":-0.0e5}',
    '{"backslash":"\\\\ud800 is text"}',
    '"text"',
  ])('takes %s', (text) => expect(() => assertUnambiguous(text)).not.toThrow());

  it.each<[string, string, string]>([
    ['a key twice', '{"amount":1,"amount":1}', 'amount'],
    ['a key twice, once escaped', '{"amount":1,"\\u0061mount":2}', 'amount'],
    ['a key twice, deep', '{"details":{"x":[{"to":1,"to":2}]}}', 'to'],
    ['an integer that no double holds', '{"n":9007199254740993}', 'body'],
    ['a number that overflows', '{"n":1e400}', 'body'],
    ['a number that vanishes', '{"n":1e-400}', 'body'],
    ['a fraction that no double holds', '{"n":1.0000000000000000001}', 'body'],
    ['NaN', '{"n":NaN}', 'body'],
    ['Infinity', '{"n":-Infinity}', 'body'],
    ['a lone surrogate', '{"t":"\\ud800"}', 'body'],
    ['a lone low surrogate', '{"t":"x\\udc00"}', 'body'],
    ['a raw lone surrogate', '{"t":"\ud800"}', 'body'],
    ['NUL', '{"t":"a\\u0000"}', 'body'],
    ['__proto__', '{"__proto__":{"admin":true}}', '__proto__'],
    ['__proto__ in disguise', '{"\\u005f_proto__":1}', '__proto__'],
    ['half of it', '{"a":', 'body'],
    ['a bomb of brackets', '['.repeat(200_000), 'body'],
  ])('refuses %s', (_why, text, field) => {
    expect(() => assertUnambiguous(text)).toThrowError(
      expect.objectContaining({ code: 'validation_failed', fields: [expect.objectContaining({ field })] }),
    );
  });

  it.each<[string, string, Array<[place: string, message: string]>]>([
    [
      'NUL',
      '{"a":[{"b":1},{"b":"x\\u0000","c":[0,"\\u0000"]}]}',
      [
        ['a.1.b', 'U+0000'],
        ['a.1.c.1', 'U+0000'],
      ],
    ],
    [
      'a number',
      '[[1,2],[3,1e400],{"":{"x":9007199254740993}}]',
      [
        ['1.1', 'exactly'],
        ['2..x', 'exactly'],
      ],
    ],
    ['NUL in a key', '{"a":{"b":0,"\\u0000":1}}', [['a', 'U+0000']]],
    [
      'a key twice',
      '{"a":[{"to":1,"to":2}],"b":"\\ud800"}',
      [
        ['a.0.to', 'twice'],
        ['b', 'surrogate'],
      ],
    ],
    ['commas in strings', '{"a,b":["x,y",{"c":",\\u0000"}]}', [['a,b.1.c', 'U+0000']]],
  ])('says where %s stands, of everything that is wrong', (_what, text, expected) => {
    expect(() => assertUnambiguous(text, ({ path }) => path.join('.'))).toThrowError(
      expect.objectContaining({
        fields: expected.map(([field, message]) => ({ field, message: expect.stringContaining(message) })),
      }),
    );
  });

  it('takes 64 levels and refuses the next, of objects and of lists', () => {
    const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const objects = (levels: number) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
    for (const nested of [lists, objects]) {
      expect(() => assertUnambiguous(nested(64))).not.toThrow();
      expect(() => assertUnambiguous(nested(65))).toThrowError(
        expect.objectContaining({
          fields: [{ field: 'body', message: 'must not be nested deeper than 64' }],
        }),
      );
    }
    // What is closed is no level any more.
    expect(() => assertUnambiguous(`[${'[[]],'.repeat(100)}0]`)).not.toThrow();
  });

  it('names at most a hundred', () => {
    const text = `[${Array.from({ length: 1_000 }, () => '1e400').join(',')}]`;
    expect(() => assertUnambiguous(text, ({ path }) => path.join('.'))).toThrowError(
      expect.objectContaining({ fields: expect.objectContaining({ length: 100 }) }),
    );
  });
});
