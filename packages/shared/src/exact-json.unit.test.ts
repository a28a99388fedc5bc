import { describe, expect, it } from 'vitest';
import { ExactNumber, isKept, parseExactly } from './exact-json.ts';

describe('JSON with its numbers as they are written', () => {
  it('keeps every digit', () => {
    expect(parseExactly('{"a":[1.10,{"b":12345678901234567890}],"c":"1"}')).toEqual({
      a: [new ExactNumber('1.10'), { b: new ExactNumber('12345678901234567890') }],
      c: '1',
    });
  });

  it.each(['0', '-5', '0.1', '100.10', '9007199254740991', '1234567.89', '1e3', '0.000001', '-0.0'])(
    '%s is the same number for every program',
    (text) => expect(isKept(new ExactNumber(text))).toBe(true),
  );

  it.each([
    '9007199254740993',
    '12345678901234567890',
    '1e400',
    '100.000000000000001',
    `0.${'0'.repeat(400)}1`,
  ])('%s is not', (text) => expect(isKept(new ExactNumber(text))).toBe(false));
});
