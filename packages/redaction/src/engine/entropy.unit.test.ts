import { describe, expect, it } from 'vitest';
import { entropy, isKey, isPlaceholder, isRepeated, looksLikeWords, looksRandom } from './entropy.ts';

const random = 'q7XbT2mZ9RkLw4Vn';

it.each([
  ['', 0],
  ['a', 0],
  ['aaaa', 0],
  ['aabb', 1],
  ['abcd', 2],
  ['abcdefgh', 3],
  ['aab', 0.918],
  // What is longer is judged by its beginning.
  ['a'.repeat(96) + random, 0],
  [`${'ab'.repeat(48)}cdefghijklmnop`, 1],
])('%s has so many bits for each character: %d', (text, bits) => {
  expect(Math.abs(entropy(text) - bits)).toBeLessThan(0.001);
});

describe('what stands for a secret', () => {
  it.each([
    // Signs that hide one.
    'xxx',
    'XXXX-1',
    '**',
    '***secret',
    'ab***cd',
    '..',
    'abc...',
    '###',
    '---',
    '___',
    '??',
    '\u2022',
    '\u2026',
    'ab\u2026cd',
    'a\u2022\u2022\u2022',
    'axxxxxxb',
    'ab######',
    'q7Xxxxxxxxxxxxxxxxxx',
    '0000000000000001',
    // Words that say so.
    'your_key',
    'my-token',
    'yourtoken',
    'put-your-key',
    'put_your.key',
    'placeholder',
    'token-placeholder',
    'AKIAIOSFODNN7EXAMPLE',
    'redacted',
    '[redacted]',
    'REDACTED',
    'dummy1',
    'insert-here',
    'replace_me',
    'replace.this',
    'change-me',
    'change_me',
    'changeme'.replace('m', '.m'),
    'todo',
    'to-be-filled',
    'to_be_defined',
    'token-goes-here',
    'goeshere',
    'token_here',
    'my_secret_token_here',
    'a_secret_token_here',
    // The name of a value.
    'ACCESS_TOKEN',
    'AWS_ACCESS_TOKEN',
    // What is filled in.
    '$TOKEN',
    '$token',
    '$_token1',
    String.raw`\$TOKEN`,
    '$config.token',
    '$this->token',
    '$env:TOKEN',
    '$Class::TOKEN',
    '$a?.b',
    '$a-b',
    '$1',
    '$',
    '%s',
    '%(token)s',
    '%v',
    '%d',
    '%r',
    '%q',
    '<',
    '[your token]',
    '[token-1]',
    'process.env.TOKEN',
    'os.environ["TOKEN"]',
    'env["TOKEN"]',
    'System.getenv("TOKEN")',
    'import.meta.env.TOKEN',
    '${TOKEN}',
    '${TOKEN:-none}',
    '$(cat token)',
    '{{ token }}',
    '#{token}',
    '%TOKEN%',
    '@TOKEN@',
    '{token}',
    '{config.token}',
    '<token>',
    '<your token>',
    'prefix-${TOKEN}',
    '${USER}:${PASSWORD}',
    'a-$TOKEN',
    'ab-$token',
    'bearer {token}',
    'x-%(token)s-y',
    '$cfg1.token2q',
    '$cfg1->token2q',
    '%20s',
    '%1.20s',
    '#{ENV["A1b2c3"]}',
    'a-$TOKEN_A1B2C3',
    'a7-$tokenname',
    'a7-${TOKEN}',
    'ab3${TOKEN}cd4',
    '0001',
  ])('is seen: %s', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each([
    random,
    'hunter2',
    '?secret7',
    '.secret7',
    'xredacted',
    'xreplace-q',
    'change-men',
    'auto-be-q',
    '[ab c]q7X',
    '000ab',
    'xx',
    '*',
    'abxxxxxbcd',
    'a**b',
    'a..b',
    'a##bcde#####fgh',
    '#1secret',
    '-secret',
    'letters-xX-7',
    'a\u2022\u2022b',
    // Words in another place.
    'example7q',
    'amy-token',
    'not-yours',
    'adummy',
    'todos',
    'a-todo',
    'xinsert-q',
    'goes-here-7',
    'token_here_7',
    '7token_here',
    'redacted7',
    'changed_me',
    'exchange_me',
    'xchange-me',
    // Signs of a template within something random.
    'q7XbT2${mZ9RkLw4Vn',
    'p$ssw0rdq',
    'ab$1cd',
    '%s7',
    'a%s',
    '<q7XbT2mZ',
    '[q7X(bT2',
    'myprocess.env',
    'env{x',
    'q7XbT2mZ9RkLw4Vn{x}',
    '{q7X,bT2}mZ9R',
    'A1_B2',
    'ACCESSTOKEN',
    'Access_Token',
    'ACCESS_TOKEN_',
    'ACCESS_TOKEN1',
    '_ACCESS_TOKEN',
    // Half of it is not most of it.
    '0a0b0c0d',
    '000',
    'aaaaaaaa',
  ])('is not taken for it: %s', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });

  it('is seen by its beginning when it is long, and never by an end that was not looked at', () => {
    expect(isPlaceholder('x'.repeat(200))).toBe(true);
    expect(isPlaceholder(`${random.repeat(8)}${'x'.repeat(200)}`)).toBe(false);
    expect(isPlaceholder(`${random.repeat(6)}example`)).toBe(false);
    expect(isPlaceholder(`${random.repeat(5)}q7XbT2mZ9example`)).toBe(true);
    expect(isPlaceholder(`${random.repeat(5)}q7XbT2mZ9Rexample`)).toBe(false);
    expect(isPlaceholder(`$${'A'.repeat(95)}`)).toBe(true);
  });
});

describe('one letter or digit again and again', () => {
  it.each(['aaaaaaaa', '11111111', '99999999', 'ZZZZZZZZ', 'zzzzzzzz', 'WWWWWWWW', 'a'.repeat(300)])(
    'is one: %s',
    (text) => {
      expect(isRepeated(text)).toBe(true);
    },
  );
  it.each(['aaaaaaa', 'aaaaaaab', 'baaaaaaaa', '00000000', 'xxxxxxxx', 'XXXXXXXX', '--------', ''])(
    'is none: %s',
    (text) => {
      expect(isRepeated(text)).toBe(false);
    },
  );
  it('is looked for in the beginning of what is long', () => {
    expect(isRepeated(`${'a'.repeat(96)}b`)).toBe(true);
    expect(isRepeated(`${'a'.repeat(95)}b`)).toBe(false);
  });
});

describe('what looks random', () => {
  it.each(['a1', '1Z', 'hunter2', 'aBcD', 'aAB', 'xAyB', `${'-'.repeat(94)}a1`])('does: %s', (text) => {
    expect(looksRandom(text)).toBe(true);
  });
  it.each(['', 'abc', 'ABC', '123', '-1', 'aB', 'Ab', 'AAb', 'a-b', `${'-'.repeat(95)}a1`])(
    'does not: %s',
    (text) => {
      expect(looksRandom(text)).toBe(false);
    },
  );
});

describe('words of a language', () => {
  it.each([
    'localhost',
    'accessToken',
    'my_database',
    'HTTPServer2',
    'parseHTTPBody',
    'east-west-one',
    'user12',
    'user123',
    'x2y-service-name',
    'x22y-service-name',
    'lengths',
    'schtroumpf',
    `${'word-'.repeat(20)}q7XbT2`,
    'a1b-service-name',
    'one two',
    'strength',
    'http',
    'a',
    `${'word-'.repeat(40)}`,
  ])('are seen: %s', (text) => {
    expect(looksLikeWords(text)).toBe(true);
  });
  it.each([
    '',
    '--',
    random,
    'user1234',
    '1ab',
    'x1ab',
    'aB',
    'aBcDeF',
    'a-b-c',
    'qwrtplk',
    'bcdfg',
    'abcdfghq',
    'sqrtpl-name',
    'user12x-name',
    '12',
    'user-1',
    `${random}${'word-'.repeat(40)}`,
  ])('are not seen in %s', (text) => {
    expect(looksLikeWords(text)).toBe(false);
  });
});

describe('a key where a name may stand', () => {
  it.each([random, `${random}.~+=%/-_`, `${random}abcdefgh`])('is one: %s', (text) => {
    expect(isKey(text)).toBe(true);
  });
  it.each([
    ['short', random.slice(1)],
    ['with a blank', `${random} ${random}`],
    ['with another sign in front', `!${random}`],
    ['with another sign behind', `${random}!`],
    ['in parts of less than eight', 'q7XbT2m.Z9RkLw4.VnY6sPd'],
    ['letters of one case', 'qwmzvbtrkplnhgfd'],
    ['digits', '1234567890123456'],
    ['words', 'deployBotUserName'],
    ['of few letters', 'a1a1a1a1a1a1a1a1'],
    ['what stands for one', `your_${random}`],
  ])('is none when it is %s', (_what, text) => {
    expect(isKey(text)).toBe(false);
  });
});
