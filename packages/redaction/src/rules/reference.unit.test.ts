import { describe, expect, it } from 'vitest';
import { isPath, isReference, isTypeOrState } from './reference.ts';
import { plainSurroundings as plain } from './surroundings.fixture.ts';
import type { Surroundings } from './surroundings.ts';

const near = (more: Partial<Surroundings> = {}) => ({ ...plain, ...more });

it.each(
  [
    'true false null none undefined required optional missing expired unknown secret password token string number boolean',
    'bytes void any str yes no on off failed denied success enabled default bearer basic oauth oauth2 OAuth2 jwt not is was must',
    'unauthorized n/a nan rsa hs256 scram-sha-256 keyboard-interactive all varchar never include omit same-origin readonly REQUIRED',
  ]
    .join(' ')
    .split(' '),
)('a word of state or of type is no secret: %s', (word) => {
  expect(isTypeOrState(word)).toBe(true);
  expect(isTypeOrState(`x${word}`)).toBe(false);
  expect(isTypeOrState(`${word}7`)).toBe(false);
});

it.each(['unique symbol', 'Bearer ', 'basic ', 'token ', 'bot ', 'apikey ', 'key '])(
  'neither is a scheme without anything behind it: %j',
  (word) => {
    expect(isTypeOrState(word)).toBe(true);
  },
);

describe('a path', () => {
  it.each([
    // Of a file.
    '/x/y.pem',
    './y.pem',
    '../y.pem',
    '~/y.pem',
    '/one/two@3/y-1.pem',
    '/y.x',
    '/q7XbT2mZ9/R.k8s',
    './q7XbT2',
    '../q7XbT2',
    '~/q7XbT2',
    '/etc/q7XbT2',
    '/run',
    '/run/secrets/q7XbT2',
    '/secret/q7XbT2',
    '/v1/q7XbT2',
    '/Users/q7XbT2',
    String.raw`C:\q7XbT2`,
    String.raw`d:\q7XbT2`,
    // Of a parameter, in a store of them.
    'file:/q7XbT2',
    'http://host',
    'https://host',
    'ws://host',
    'wss://host',
    'git:q7XbT2',
    's3://q7XbT2',
    'arn:aws',
    'vault:q7XbT2',
    'op://q7XbT2',
    'ssm:/q7XbT2',
    'ref+vault:/q7XbT2',
    'ref+awsssm:/q7XbT2',
    'env:TOKEN7',
    'projects/acme-1/secrets/q7XbT2',
    // Of names.
    '/prod/db/hunter',
    '/prod/db',
    'secret/data/app',
    'one/two/three/',
    'prod/password',
    'prod/api-key/',
    'prod/db#hunter',
    'v1/one/two',
    '1/one/2024',
    'a/one/b',
    '_/one/two',
    '/one.two/three-four',
    '/one@two/three:four',
  ])('is one: %s', (value) => {
    expect(isPath(value)).toBe(true);
  });

  it.each([
    'hunter',
    'hunter2hunter2',
    'q7XbT2/mZ9RkLw4Vn',
    'prod/db',
    'prod/q7XbT2mZ9R/hunter',
    '/q7XbT2mZ9R/hunter',
    '/q7XbT2mZ9R/y.pem!',
    '/q7XbT2mZ9R/y.pemcertificate',
    '!/q7XbT2mZ9R/y.pem',
    '/q7!bT2mZ9R/y.pem',
    '/q7XbT2mZ9R/y!z.pem',
    'q7XbT2./y',
    'x~/q7XbT2',
    'x/etc/q7XbT2',
    '/etcq7zzz/y',
    '/binary7/q7XbT2',
    '/v12q7/XbT2',
    '7:\\q7XbT2',
    'xC:\\q7XbT2',
    'xhttps://host7',
    'vault:#q7XbT2',
    'vaults:q7XbT2',
    'ref+:/q7XbT2',
    'xprojects/acme-1/secrets/q7',
    'projects/ac!me/secrets/q7',
    'projects//secrets/q7',
    '/prod/db/hunter!',
    '!/prod/db/hunter',
    'one//two//three',
    'v12345/one/two',
    'xv1q/one/two',
    'one/7zz1/two',
    'one/two/three#',
    'one/two#a!',
    'one!two/three/four',
  ])('is none: %s', (value) => {
    expect(isPath(value)).toBe(false);
  });
});

describe('a value without quotes that names another one', () => {
  it.each([
    // Fields and calls of something.
    'config.password',
    'config?.password',
    'config!.password',
    'this->password',
    'Config::password',
    '!config.password',
    '*config.password',
    '&config.password',
    '@config.password',
    ':config.password',
    '$config.password',
    'a.b',
    'one.two.three',
    'config.password!',
    'config.password?',
    'config.password.',
    'config.password?!',
    'x1.y2',
    'config.$password_',
  ])('is one, also behind nothing but a sign, when it is a chain of words: %s', (value) => {
    expect(isReference(value, near())).toBe(true);
    expect(isReference(value, near({ tight: true }))).toBe(true);
  });

  it('is no chain of words when it is long, or holds something random', () => {
    expect(isReference(`${'abcdefg.'.repeat(9)}abcdefgh`, near({ tight: true }))).toBe(true);
    expect(isReference(`${'abcdefg.'.repeat(10)}a`, near({ tight: true }))).toBe(false);
    expect(isReference(`${'abcdefg.'.repeat(9)}abcdefghi`, near())).toBe(false);
    expect(isReference('config.qwrtplk', near({ tight: true }))).toBe(false);
    expect(isReference('config.qwrtplk', near())).toBe(true);
    expect(isReference('config.aB', near({ tight: true }))).toBe(true);
    expect(isReference('config.aBcD', near({ tight: true }))).toBe(false);
    expect(isReference('access_token?!', near())).toBe(true);
    expect(isReference('config.qwrtplk7', near())).toBe(false);
    expect(isReference('aBcDeFgHiJkLmNoPqRsT.abc', near())).toBe(false);
    expect(isReference('aBcDeFgHiJkLmNoPqRs.abc', near())).toBe(true);
    expect(isReference('abc.aBcDeFgHiJkLmNoPqRsT', near())).toBe(true);
  });

  it.each([
    '7config.pass',
    'config.7pass',
    'config..pass',
    'config.pass/',
    '%config.pass',
    'config.pa-ss',
    'con-fig.pass',
  ])('is none when it is no chain: %s', (value) => {
    expect(isReference(value, near())).toBe(false);
  });

  it.each(['*default_password', '!secret', '@password', ':token', '&shared', '*a.b', '!token_of_app'])(
    'is one when its sign says so: %s',
    (value) => {
      expect(isReference(value, near())).toBe(true);
    },
  );

  it('is none when its sign may belong to a password', () => {
    expect(isReference('*default_password', near({ tight: true }))).toBe(false);
    expect(isReference('*hunter2x9', near())).toBe(false);
    expect(isReference('%hunter', near())).toBe(false);
    expect(isReference('*7hunter', near())).toBe(false);
    expect(isReference('x*hunter', near())).toBe(false);
    expect(isReference('*hunter-x', near())).toBe(false);
    expect(isReference('*', near())).toBe(false);
  });

  it.each(['hunter!x', '7hunter', 'hunter2x9', 'hun-ter', '-hunter', 'hunter '])(
    'is none when it is no identifier of words: %j',
    (value) => {
      for (const more of [{}, { argument: true }, { next: ')' }])
        expect(isReference(value, near(more))).toBe(false);
    },
  );

  it('is one among the arguments of a call, when it is of letters or names a secret', () => {
    for (const tight of [true, false]) {
      expect(isReference('entered', near({ argument: true, tight }))).toBe(true);
      expect(isReference('db_password', near({ argument: true, tight }))).toBe(true);
      expect(isReference('password2', near({ argument: true, tight }))).toBe(false);
      expect(isReference('password_2', near({ argument: true, tight }))).toBe(false);
      expect(isReference('entered2', near({ argument: true, tight }))).toBe(false);
    }
  });

  it('is none behind nothing but a sign', () => {
    for (const value of ['hunter', 'accessToken', 'UserType'])
      expect(isReference(value, near({ tight: true, next: ')' }))).toBe(false);
  });

  it('is one when it is the name of a secret, alone on its line only if made of words', () => {
    expect(isReference('token', near({ next: ',' }))).toBe(true);
    for (const next of ['', '\n', '\r']) {
      expect(isReference('token', near({ next }))).toBe(false);
      expect(isReference('accessToken', near({ next }))).toBe(true);
      expect(isReference('access_token', near({ next }))).toBe(true);
      expect(isReference('_token', near({ next }))).toBe(true);
      expect(isReference('accesstoken', near({ next }))).toBe(false);
    }
  });

  it('is one with a digit only when it ends like the name of a type', () => {
    expect(isReference('User2Type', near())).toBe(true);
    expect(isReference('Utf8Array', near({ next: ',' }))).toBe(true);
    expect(isReference('user12', near({ next: ',' }))).toBe(false);
    expect(isReference('Type12', near({ next: ',' }))).toBe(false);
  });

  it('is one within a line, and at the end of a line of its own only if it says so', () => {
    expect(isReference('hunter', near({ next: ',' }))).toBe(true);
    expect(isReference('hunter', near())).toBe(true);
    expect(isReference('hunter', near({ alone: true, next: ',' }))).toBe(true);
    expect(isReference('hunter', near({ alone: true }))).toBe(false);
    expect(isReference('userInput', near({ alone: true }))).toBe(true);
    expect(isReference('userHunter', near({ alone: true }))).toBe(false);
    expect(isReference('userHunter', near({ alone: true, sign: '=' }))).toBe(true);
    expect(isReference('user_hunter', near({ alone: true, sign: '=' }))).toBe(true);
    expect(isReference('_hunter', near({ alone: true, sign: '=' }))).toBe(true);
    expect(isReference('hunter_', near({ alone: true, sign: '=' }))).toBe(false);
    expect(isReference('hunter', near({ alone: true, sign: '=' }))).toBe(false);
    expect(isReference('Hunter', near({ alone: true, sign: '=' }))).toBe(false);
  });
});
