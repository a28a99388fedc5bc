import { describe, expect, it } from 'vitest';
import type { NameClass } from '../names.ts';
import { isSecretValue } from './secret-value.ts';
import { plainSurroundings as plain } from './surroundings.fixture.ts';
import type { Surroundings } from './surroundings.ts';

const password: NameClass = { kind: 'password', strong: true, numbers: true };
const token: NameClass = { kind: 'token', strong: true };
const secret: NameClass = { kind: 'secret', strong: true };
const key: NameClass = { kind: 'key', strong: false };
const random = 'q7XbT2mZ9RkLw4VnY6sPd3Fh';

const bare = (value: string, name: NameClass, near: Partial<Surroundings> = {}) =>
  isSecretValue(value, false, name, { ...plain, ...near });
const quoted = (value: string, name: NameClass, near: Partial<Surroundings> = {}) =>
  isSecretValue(value, true, name, { ...plain, ...near });

describe('a value beside the name of a secret', () => {
  it('is one from four characters on, and within quotes from three', () => {
    expect(bare('x4k7', token)).toBe(true);
    expect(bare('x4k', token, { tight: true })).toBe(false);
    expect(quoted('x4k', token)).toBe(true);
    expect(quoted('x4', token)).toBe(false);
  });

  it.each(['required', '${TOKEN}', '[redacted]', '/prod/db/password'])(
    'is none when it says something else: %s',
    (value) => {
      for (const near of [{}, { tight: true }, { alone: true }]) {
        expect(bare(value, token, near)).toBe(false);
        expect(quoted(value, token, near)).toBe(false);
      }
    },
  );

  it.each([
    '48213977',
    '4821',
    '+4821',
    '-4821',
    '4821.5',
    '482.55',
    '30ms',
    '4821s',
    '4821m',
    '100%',
    '500kb',
    '500mb',
    '500MB',
    '1234h',
    '123d',
    '123456789012',
  ])('is none when it is a number, but for a password: %s', (value) => {
    expect(bare(value, token, { tight: true })).toBe(false);
    expect(quoted(value, token)).toBe(false);
    expect(bare(value, password, { tight: true })).toBe(true);
    expect(quoted(value, password)).toBe(true);
    expect(bare(value, password)).toBe(false);
  });

  it.each(['1234567890123', '48213977x', 'x48213977', '4821.5.6', '48s1', '+-4821', '4821.', '4821.x'])(
    'is no number when it only begins or ends like one: %s',
    (value) => {
      expect(bare(value, token, { tight: true })).toBe(true);
    },
  );

  it('is no password when it is a number of three digits', () => {
    expect(quoted('123', password)).toBe(false);
    expect(quoted('1234', password)).toBe(true);
  });

  it('is one behind a comparison only when it is within quotes and random, or looks like a key', () => {
    const compared = { compared: true };
    expect(quoted('marten4k2q', password, compared)).toBe(true);
    expect(quoted('refresh', password, compared)).toBe(false);
    expect(quoted('user12', password, compared)).toBe(false);
    expect(quoted('unspeakablexyzwvu', password, compared)).toBe(false);
    expect(bare('marten4k2q', password, compared)).toBe(false);
    expect(bare(random, password, compared)).toBe(true);
  });

  it('is none in front of a bracket that calls it, unless the bracket belongs to it', () => {
    for (const next of ['(', '[']) {
      expect(bare('marten4k2q', password, { next })).toBe(false);
      expect(bare('marten4k2q', password, { next, tight: true })).toBe(false);
      expect(bare('marten4k2q', password, { next, alone: true })).toBe(false);
      expect(bare('marten4k2q', password, { next, tight: true, alone: true })).toBe(true);
      expect(bare('k3str%el', password, { next, tight: true, alone: true })).toBe(true);
      expect(bare('sha256x', password, { next, tight: true, alone: true })).toBe(true);
      expect(bare('getToken', password, { next, tight: true, alone: true })).toBe(false);
      expect(bare('a.getToken', password, { next, tight: true, alone: true })).toBe(false);
      expect(bare('word!word', password, { next, tight: true, alone: true })).toBe(true);
      expect(bare('!wordword', password, { next, tight: true, alone: true })).toBe(true);
      expect(quoted('marten4k2q', password, { next })).toBe(true);
    }
  });

  it('is none when it is the name of a secret of Kubernetes', () => {
    for (const value of ['default/my-db', 'a/b', 'kube-system/x1.y-2']) {
      expect(quoted(value, secret)).toBe(false);
      expect(bare(value, secret, { tight: true })).toBe(false);
      expect(quoted(value, token)).toBe(true);
    }
    for (const value of ['Default/db', 'default/-db', '9a/b', 'default/db!', '+a/b', 'de_f/a']) {
      expect(quoted(value, secret), value).toBe(true);
    }
  });

  it.each([
    'the token is missing',
    'must not be empty',
    'Please try again, or ask',
    'is at least 12 characters long',
    "can't be blank, sorry",
    '(this field is required)',
  ])('is none within quotes when it is a sentence about it: %s', (value) => {
    expect(quoted(value, password)).toBe(false);
  });

  it.each([
    'correct horse battery staple',
    'is mine',
    'correct horse',
    'the horse is marten4k2q and more',
    'the horse is ab1cde2f and more',
    'the horse is 12345abc6 and more',
    'the horse is ABCDEF1ab6 and more',
    'the horse is abcdefg1h and more',
    'q7marten4k2 is the horse',
    'the horse @ the gate',
    '@ the horse is mine',
    'the horse is mine @',
  ])('is one within quotes when it is none: %s', (value) => {
    expect(quoted(value, password)).toBe(true);
  });

  it.each([
    'the horse is 12 and more',
    'the horse is x1y and more',
    'the horse is abcdefg1 and more',
    'the horse is 1abcdefg and more',
  ])('is a sentence also with a number in it: %s', (value) => {
    expect(quoted(value, password)).toBe(false);
  });

  it('is none in front of a brace, unless nothing but a sign stands in front of it', () => {
    expect(bare('marten4k2q', password, { next: '{' })).toBe(false);
    expect(bare('marten4k2q', password, { next: '{', tight: true })).toBe(true);
  });

  it('is none when it is a name for one', () => {
    expect(bare('accessToken', password)).toBe(false);
    expect(bare('config.password', password)).toBe(false);
    expect(bare('accessToken', password, { tight: true })).toBe(true);
  });

  it('is one when it is a lone word at the end of its line, or holds another sign', () => {
    const alone = { alone: true };
    for (const next of ['', '\n', '\r']) {
      expect(bare('hunter', password, { ...alone, next })).toBe(true);
      expect(bare('hun-ter', password, { ...alone, next })).toBe(true);
      expect(bare('hunte', password, { ...alone, next })).toBe(false);
      expect(bare('hunter!', password, { ...alone, next })).toBe(false);
      expect(bare('!hunter', password, { ...alone, next })).toBe(false);
      expect(bare('hun-ter', password, { next })).toBe(false);
    }
    expect(bare('hun-ter', password, { ...alone, next: ' ' })).toBe(false);
    expect(bare('hun-ter', password, { ...alone, next: ',' })).toBe(false);
    expect(bare('?hunter', password, { ...alone })).toBe(false);
    expect(bare('qWertZuiOp', password)).toBe(true);
    expect(bare('st=r', password)).toBe(true);
    expect(bare('str=', password)).toBe(false);
    expect(bare('hun%ter', password)).toBe(true);
    expect(bare('hun~ter', password)).toBe(true);
    expect(bare('.,:;!?/-', password)).toBe(false);
    expect(bare('hun-ter', password, { tight: true })).toBe(true);
  });

  it('is judged by its beginning when it is long', () => {
    const sentence = 'the token is missing '.repeat(15);
    expect(quoted(`${sentence}marten4k2q`, password)).toBe(false);
    expect(quoted(`${sentence.slice(0, 280)} marten4k2q`, password)).toBe(true);
  });
});

describe('a value beside a name that may be that of a secret', () => {
  it.each([
    random,
    `${random}.+/=~-`,
    'q7XbT2mZ9RkLw4VnY6sP',
    `_${random}`,
    `${random.slice(0, 14)}/xY7z8`,
    `a-${random.slice(0, 18)}-+`,
  ])('is one when it looks like a key: %s', (value) => {
    expect(quoted(value, key)).toBe(true);
    expect(bare(value, key)).toBe(true);
  });

  it.each([
    ['less than twenty characters', random.slice(0, 19)],
    ['white space', `${random} x`],
    ['an id', '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'],
    ['a digest', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['a digest in capitals', '4BF92F3577B34DA6A3CE929D0E0E4736'],
    ['a path', `q7Xb/${random}`],
    ['an address of something', `q7Xb:${random}`],
    ['names with signs between', 'user-profile-4bf92f3577b34da6-q7X'],
    ['a name and one more', 'profile.q7XbT2mZ9RkLw4VnY6'],
    ['another sign in front', `!${random}`],
    ['another sign behind', `${random}!`],
    ['no digit', 'qwXbTtmZtRkLwtVnYtsPdtFh'],
    ['no letter', '7192836405-7192836405_7192'],
    ['few letters', 'q1w2q1w2q1w2q1w2q1w2q1w2'],
    ['a length that no key has', random.repeat(13)],
  ])('is none with %s', (_what, value) => {
    expect(quoted(value, key)).toBe(false);
    expect(bare(value, key)).toBe(false);
  });

  it('is one although an id or a digest is a part of it', () => {
    for (const value of [
      `0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0${random}`,
      `x0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`,
      `4bf92f3577b34da6a3ce929d0e0e4736xZ`,
      `xZ4bf92f3577b34da6a3ce929d0e0e4736`,
      `0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f`,
      `7profile.q7XbT2mZ9RkLw4VnY6`,
      `profile.q7XbT2mZ9RkLw4VnY6+`,
    ]) {
      expect(quoted(value, key), value).toBe(true);
    }
  });

  it('is at most 299 characters long', () => {
    expect(quoted(random.repeat(13).slice(0, 299), key)).toBe(true);
    expect(quoted(random.repeat(13).slice(0, 300), key)).toBe(false);
  });
});
