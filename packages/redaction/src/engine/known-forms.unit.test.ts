import { describe, expect, it } from 'vitest';
import { createKnownValues } from './known-values.ts';

const knowing = (value: string, kind = 'token') => {
  const known = createKnownValues();
  known.add(value, kind);
  return (text: string) => known.find(text, 0, text.length).map(({ start, end }) => text.slice(start, end));
};
const random = 'q7XbT2mZ9RkLw4Vn';

describe('a value that is known', () => {
  it.each([
    ['as it is', 'marten4k2q', 'x marten4k2q y', 'marten4k2q'],
    ['in an address', 'mar&ten 4k2q', 'x?mar%26ten%204k2q', 'mar%26ten%204k2q'],
    ['in JSON', 'mar"ten4k2q', String.raw`x mar\"ten4k2q`, String.raw`mar\"ten4k2q`],
    [
      'in JSON, with a backslash',
      String.raw`mar\ten4k2q`,
      String.raw`x mar\\ten4k2q`,
      String.raw`mar\\ten4k2q`,
    ],
    ['in JSON, with lines', 'mar\nten4k2q', String.raw`x mar\nten4k2q`, String.raw`mar\nten4k2q`],
    ['in JSON, with tabs', 'mar\tten4k2q', String.raw`x mar\tten4k2q`, String.raw`mar\tten4k2q`],
    ['decoded', 'mar%26ten4k2q', 'x mar&ten4k2q', 'mar&ten4k2q'],
    ['without its quotes', '"marten4k2q"', 'x marten4k2q', 'marten4k2q'],
    ['without others', "'mar ten4k2q'", 'x mar ten4k2q', 'mar ten4k2q'],
    ['without such', '`mar\nten4k2q`', 'x mar\nten4k2q', 'mar\nten4k2q'],
    ['with halves of characters', 'mar\uD83D ten4k2q', 'x mar%EF%BF%BD%20ten4k2q', 'mar%EF%BF%BD%20ten4k2q'],
    ['words with others', 'correct horse battery', 'x correct horse battery y', 'correct horse battery'],
  ])('is found %s', (_what, value, text, taken) => {
    expect(knowing(value)(text)).toEqual([taken]);
    expect(knowing(value)(value)).not.toEqual([]);
  });

  it('is found as each value of a cookie, and as the password of Basic', () => {
    const cookie = knowing('sid=marten4k2q;  theme=other7x2q; x=short; HttpOnly9x', 'cookie');
    expect(cookie('marten4k2q other7x2q short HttpOnly9x')).toEqual([
      'marten4k2q',
      'other7x2q',
      'HttpOnly9x',
    ]);
    const basic = knowing(Buffer.from('ann:marten4k2q').toString('base64'), 'basic-auth');
    expect(basic('marten4k2q ann')).toEqual(['marten4k2q']);
    expect(knowing('ann:marten4k2q')('x marten4k2q')).toEqual([]);
    expect(knowing('sid=marten4k2q')('x marten4k2q')).toEqual([]);
  });

  it.each([
    'short1x',
    'localhost',
    'my-database',
    'two words',
    'redis://host.example',
    'ann@host',
    '[redacted:token:0a1b2c] x',
    `${random.repeat(257)}`,
  ])('is not one when it is short, long or a word: %s', (value) => {
    expect(knowing(value)(`x ${value} y`)).toEqual([]);
  });

  it('is one from eight characters on, up to 4096', () => {
    expect(knowing('marten4q')('x marten4q')).toEqual(['marten4q']);
    const long = random.repeat(256);
    expect(knowing(long)(`x ${long}`)).toEqual([long]);
  });

  it.each(['xmarten4k2q', 'marten4k2qx', 'marten4k2q7', '7marten4k2q'])(
    'is no part of a word: %s',
    (text) => {
      expect(knowing('marten4k2q')(text)).toEqual([]);
    },
  );

  it.each([
    '_marten4k2q_',
    '-marten4k2q.',
    String.raw`\nmarten4k2q`,
    '%20marten4k2q%20',
    '\u00E4marten4k2q\u00E4',
  ])('is found beside signs and escapes: %s', (text) => {
    expect(knowing('marten4k2q')(text)).toEqual(['marten4k2q']);
  });

  it('is found everywhere when it is long and random, or ends with a sign', () => {
    expect(knowing(random)(`x${random}x`)).toEqual([random]);
    expect(knowing(random.slice(1))(`x${random.slice(1)}x`)).toEqual([]);
    expect(knowing('qwmzvbtrkplnhgfdjsxc')('xqwmzvbtrkplnhgfdjsxcx')).toEqual([]);
    expect(knowing('!marten4k2q!')('x!marten4k2q!x')).toEqual(['!marten4k2q!']);
    expect(knowing('marten4k2q!')('xmarten4k2q!')).toEqual([]);
  });

  it('is told of by its kind, and remembered as often as there is room', () => {
    const known = createKnownValues(2);
    expect(known.isEmpty()).toBe(true);
    known.add('marten4k2q', 'password');
    known.add('marten4k2q', 'token');
    expect(known.isEmpty()).toBe(false);
    expect(known.find('x marten4k2q', 0, 12)).toEqual([
      { lead: 2, start: 2, end: 12, kind: 'password', rank: 1 },
    ]);
    known.learn('a=other7x2q', [{ lead: 0, start: 2, end: 11, kind: 'token', rank: 1 }]);
    known.add('third7x2q', 'token');
    expect(known.find('marten4k2q other7x2q third7x2q', 0, 30)).toHaveLength(3);
    known.add('fourth7x2q', 'token');
    expect(known.find('marten4k2q other7x2q third7x2q fourth7x2q', 0, 41)).toHaveLength(2);
    expect(known.find('marten4k2q third7x2q fourth7x2q', 11, 20)).toHaveLength(1);
  });
});
