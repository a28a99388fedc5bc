import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEncodedText, isHex, isReadable } from './readable.ts';
import { isSecretShaped } from './secret-shape.ts';
import { isWallet } from './wallet.ts';

const order = 'pay bob 90000 now';
const base32 = (text: string) => {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const random = (seed: number, length: number) =>
  Array.from({ length: Math.ceil(length / 32) }, (_, n) =>
    createHash('sha256').update(`seed ${seed} ${n}`).digest('base64url').replaceAll(/[-_]/g, ''),
  )
    .join('')
    .slice(0, length);
/** Random letters and digits that are of the shape of a secret, the same each time. */
const shaped = (length: number, wanted = (_text: string) => true) =>
  Array.from({ length: 3_000 }, (_, seed) => random(seed, length)).find(
    (text) => isSecretShaped(text, true) && wanted(text),
  ) ?? '';

it.each(['abc123', 'ABC123', 'a', 'F', '0'])('digits of one case are hexadecimal: %s', (text) => {
  expect(isHex(text)).toBe(true);
});
it.each(['', 'aBC', 'abcg', 'gabc', 'ABCG', 'GABC', 'ab c'])('others are not: %j', (text) => {
  expect(isHex(text)).toBe(false);
});

describe('text that stands in another alphabet', () => {
  it.each([
    base64(order),
    base64(order).replaceAll('=', ''),
    Buffer.from(`${order}??>>`).toString('base64url'),
    ...['x', 'xy', 'xyz'].map((before) => before + base64(order)),
    Buffer.from(order).toString('hex'),
    Buffer.from(order).toString('hex').toUpperCase(),
    `0${Buffer.from(order).toString('hex')}`,
    base32(order),
    base32(order).toUpperCase(),
    `${base32(order)}====`,
    `${base32(order).toUpperCase()}=`,
    ...['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg'].map((before) => before + base32(order)),
    Buffer.from(order, 'utf16le').toString('base64'),
    // What is not ASCII, from eight bytes on.
    base64('\u00E9\u00E9\u00E9\u00E9'),
    base64('\u00E9\u00E9\n\u00E9\u00E9\t\r'),
    base64('\u043F\u0440\u0438\u0432\u0435\u0442'),
    base64('123456789012'),
  ])('is seen: %s', (text) => {
    expect(isEncodedText(text)).toBe(true);
  });

  it.each([
    base64('\u00E9\u00E9\u00E9'),
    base64('\u00E9\u00E9\u0001\u00E9\u00E9'),
    base64('12345\u0001678901\u0001'),
    base64('1234567\u00FF890').slice(0, 8),
    createHash('sha256').update('a').digest('hex'),
    createHash('sha256').update('a').digest('base64url'),
    'q7XbT2mZ9RkLw4Vn',
    'qwmzvbtrkplnhgfdjs',
    '',
  ])('is not seen where there is none: %s', (text) => {
    expect(isEncodedText(text)).toBe(false);
  });
});

describe('what somebody can read', () => {
  it.each([
    ...'pay usd eur gbp btc PAY'.split(' ').map((word) => `q7z${word}9x`),
    ...'send transfer wire payment payout refund withdraw deposit account amount invoice order iban euro dollar bitcoin ether delete remove drop truncate grant revoke admin root approve accept execute deploy publish disable enable update insert select email message everyone please ignore instruction allow shutdown release money funds bank price cancel cost Se_nD d-e-l-e-t-e'
      .split(' ')
      .map((word) => `q7z${word}9x`),
    ...'appr0ve w1thdraw r3move gr4nt di5able dele7e 7r4n5f3r'.split(' ').map((word) => `q9z${word}9x`),
    'H4sIq7z9x',
    'UEsDq7z9x',
    'eJwq7z9x',
    'eJzq7z9x',
    'eJ0q7z9x',
    'eJAq7z9x',
    'KLUvq7z9x',
    'QlpoOTq7z9x',
    '/Td6WFoq7z9x',
    base64(order),
    // Seven of the pairs that a language has most, in ten letters.
    'q7therea7e9x',
    'q7qthereatex',
    'thereate',
  ])('is seen: %s', (text) => {
    expect(isReadable(text)).toBe(true);
  });

  it.each([
    'q7XbT2mZ9RkLw4Vn',
    'q7p4yx9',
    'q7u5dx9',
    'q7H4sIxx',
    'q7UEsDxx',
    'eJaq7z9x',
    'xeJwq7z9x',
    'deadbeefcafedead',
    '4cc0de4dd0de4cce',
    'thereatx',
    'thq'.repeat(8),
    'therqqqqqqqatex',
  ])('is not seen where there is nothing: %s', (text) => {
    expect(isReadable(text)).toBe(false);
  });
});

describe('the address of a wallet', () => {
  it.each([
    `0x${'5290840009852788'}`,
    `0X${'5290840009852788'}`,
    '52908400098527886e0f7030069857d2e4169ee7',
    '52908400098527886E0F7030069857D2E4169EE7',
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    `cosmos1${'qw508d6qejxtdg4y5r3zarvar'}`,
    'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh',
    `r${'1aZ9'.repeat(6)}`,
    'GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7',
    `${'A2Z7'.repeat(14)}QX`,
    'vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg',
    `${'1aZ9'.repeat(12)}`,
    `${'1aZ9'.repeat(23)}1aZ`,
    // Those with a digest at their end.
    '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  ])('is seen: %s', (text) => {
    expect(isWallet(text)).toBe(true);
  });

  it.each([
    '1BoatSLRHtKNngkdXEeobR76b53LETtpyU',
    '2A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'x0x52908400098527886',
    '52908400098527886e0f7030069857d2e4169ee',
    '52908400098527886e0f7030069857d2e4169ee70',
    'x2908400098527886e0f7030069857d2e4169eex',
    'bc1qw508d6qejxtdg4y5r3zarva',
    'bc1bw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4b',
    '9bc1qw508d6qejxtdg4y5r3zarvary0c5xw7',
    'r1aZ91aZ91aZ91aZ91aZ91aZ',
    `${'A2Z7'.repeat(13)}QXQ`,
    `${'A2Z7'.repeat(14)}QXQ`,
    `${'A2Z7'.repeat(13)}QX10`.toLowerCase(),
    '1aZ9'.repeat(10),
    `${'1aZ9'.repeat(12)}1`,
    `0${'1aZ9'.repeat(11)}`,
    `${'1aZ9'.repeat(11)}0`,
    'a1b2'.repeat(11),
    'q7XbT2mZ9RkLw4Vn',
  ])('is not seen in what is none: %s', (text) => {
    expect(isWallet(text)).toBe(false);
  });
});

describe('the shape of a secret', () => {
  const good = 'q7XbT2mZ9RkLw4Vn';
  it('is of sixteen characters at least, and 512 at most', () => {
    expect(isSecretShaped(good, false)).toBe(true);
    expect(isSecretShaped(good.slice(0, 15), false)).toBe(false);
    const long = shaped(512);
    expect(long).toHaveLength(512);
    expect(isSecretShaped(`${long}q`, true)).toBe(false);
  });

  it.each([
    `${good}_-`,
    `${good}+/`,
    `~${good}`,
    'a1B2c3D4a1B2c3D4',
    'qwmzvbtrkpln7hgf',
    'qwmzvbtrkplnhg7fdsjx',
    'QWMZVBTRKPLN7HGF',
    // Three characters of another kind than the one before are enough.
    'Aqwmzvbt7rkplnhg',
    // A sign beside a capital is of another kind as well.
    'qW-M_Z-V_B-T_RK7',
    // What would be an account or an id if it stood alone.
    '9C7FAB12CD8456701F3E',
    'q7c9e6679-7425-40de-944b-e07fc1f90ae7',
    '7c9e6679-7425-40de-944b-e07fc1f90ae7q',
  ])('is that of %s', (text) => {
    expect(isSecretShaped(text, false)).toBe(true);
    expect(isSecretShaped(text, true)).toBe(true);
  });

  it.each([
    ['another sign in front', `!${good}`],
    ['another sign behind', `${good}!`],
    ['no letter', '1234-567+8901/2345'],
    ['few characters', 'a1B2a1B2a1B2a1B2'],
    ['a number', 'q7XbT2mZ1234567Vn'],
    ['small letters in a row', `A7q${'wmzvbtrkplnhgfd'}X9b2`],
    ['small letters in a row at its end', 'Aqwmzvbt7rkplnhgf'],
    ['capitals in a row', `a7Q${'WMZVBTRKPLNHGFDS'}x9b2`],
    ['hexadecimal letters in a row', `7${'bdfacebdfacebdfa'}1`],
    ['hexadecimal digits in a row', `a${'7192836471928364'}b`],
    ['a stretch of few characters', shaped(64) + 'a1'.repeat(32)],
    ['an account', 'BE68539007547034'],
    ['an account with letters', 'DE12ABCD1234567890AB'],
    ['an id', '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
    ['an id in capitals', '7C9E6679-7425-40DE-944B-E07FC1F90AE7'],
    ['a word', 'q7XbT2send9RkLw4Vn'],
  ])('is not that of a text with %s', (_what, text) => {
    expect(isSecretShaped(text, false)).toBe(false);
    expect(isSecretShaped(text, true)).toBe(false);
  });

  it('is that of a known kind also without a digit, and though it might be a wallet', () => {
    const withoutDigit = 'qWmZvBtRkPlNhGfD';
    expect(isSecretShaped(withoutDigit, true)).toBe(true);
    expect(isSecretShaped(withoutDigit, false)).toBe(false);
    expect(isSecretShaped('qwmzvbtrkplnhgf7', true)).toBe(true);
    expect(isSecretShaped('qwmzvbtrkplnhgf7', false)).toBe(false);
    const wallet = shaped(44, isWallet);
    expect(wallet).not.toBe('');
    expect(isSecretShaped(wallet, false)).toBe(false);
  });

  it('is that of a text whose end alone says little', () => {
    const text = shaped(64);
    expect(isSecretShaped(`${text}a1a1a1`, true)).toBe(true);
    expect(isSecretShaped(`${text}a1a1a1${'b2'.repeat(32)}`, true)).toBe(false);
  });

  it('is that of the digits of a digest', () => {
    for (const seed of ['a', 'b', 'c']) {
      const hex = createHash('sha256').update(seed).digest('hex');
      expect(isSecretShaped(hex, false)).toBe(true);
      expect(isSecretShaped(hex.toUpperCase(), false)).toBe(true);
    }
  });
});
