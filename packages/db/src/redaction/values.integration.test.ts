import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const redacted = (value: unknown) => call<unknown>('actp_audit.redact_json($1)', JSON.stringify(value));
const text = (value: string | null) => call<string | null>('actp_audit.redact_text($1)', value);
const token = `ghp_${'A'.repeat(36)}`;
const nested = (levels: number, inner: unknown): unknown =>
  levels === 0 ? inner : levels % 2 === 0 ? { a: nested(levels - 1, inner) } : [nested(levels - 1, inner)];

describe('[SEC-020] a value of a row', () => {
  it.each<[what: string, value: unknown, expected: unknown]>([
    ['nothing', null, null],
    ['a number', 12, 12],
    ['a list of nothing', [], []],
    ['an object of nothing', { a: {}, b: [] }, { a: {}, b: [] }],
    ['a list, in its order', ['b', token, 'a', 1], ['b', '[redacted:github-pat]', 'a', 1]],
    [
      'what a name tells',
      { password: 'hunter', db_secret: 'x' },
      { password: '[redacted]', db_secret: '[redacted]' },
    ],
    [
      'what a name tells, where it is no text or empty',
      { token: null, password: '', secret: 5, credentials: false },
      { token: null, password: '', secret: 5, credentials: false },
    ],
    ['a name that is a secret', { [token]: 1 }, { '[redacted:github-pat]': 1 }],
    [
      'a name that tells nothing',
      { max_tokens: 'many', name: 'hunter' },
      { max_tokens: 'many', name: 'hunter' },
    ],
    ['what is in a list under a name', { tokens: [token] }, { tokens: ['[redacted:github-pat]'] }],
  ])('is kept or taken out: %s', async (_what, value, expected) => {
    expect(await redacted(value)).toEqual(expected);
  });

  it('is looked through to its thirty-second level, and cut below', async () => {
    expect(await redacted(nested(32, token))).toEqual(nested(32, '[redacted:github-pat]'));
    expect(await redacted(nested(32, 'fine'))).toEqual(nested(32, 'fine'));
    expect(await redacted(nested(33, 'fine'))).toEqual(nested(33, '[cut]'));
    expect(await redacted(nested(41, token))).toEqual(nested(33, '[cut]'));
  });
});

describe('[SEC-020] a text of a terminal', () => {
  const [red, plain] = ['\u001B[31m', '\u001B[0m'];

  it('loses its colours with a secret, also one that they stand in front of', async () => {
    expect(await text(`${red}use${plain} ${token} now`)).toBe('use [redacted:github-pat] now');
    expect(await text(`password=${red}hunter22hunter${plain}`)).toBe('password=[redacted]');
  });

  it('keeps them where nothing is secret, whatever it is about', async () => {
    for (const value of [`the ${red}token${plain} is missing`, `${red}all${plain} fine`, ''])
      expect(await text(value)).toBe(value);
    expect(await text(null)).toBeNull();
  });
});
