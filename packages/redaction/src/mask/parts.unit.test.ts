import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../fingerprint.ts';
import { maskText, type MaskedPart } from './mask-text.ts';
import { isSecretShaped } from './secret-shape.ts';

const random = (seed: number, length: number) =>
  createHash('sha512').update(`seed ${seed}`).digest('base64url').replaceAll(/[-_]/g, '').slice(0, length);
const letters = (length: number, from = 0) =>
  Array.from({ length: 200 }, (_, seed) => random(from + seed, length)).find((text) =>
    isSecretShaped(text, false),
  ) ?? '';
const one = letters(32);
const other = letters(32, 1_000);
const withoutDigits =
  Array.from({ length: 2_000 }, (_, seed) => random(seed, 80).replaceAll(/\d/g, '').slice(0, 36)).find(
    (text) => text.length === 36 && isSecretShaped(text, true) && !isSecretShaped(text, false),
  ) ?? '';

const masked = (text: string, kind: string, of = text) => ({
  type: 'masked',
  kind,
  length: text.length,
  fingerprint: fingerprint(of),
});
const shown = (text: string) => ({ type: 'text', text });
const seen = (parts: readonly MaskedPart[]) =>
  parts.map((part) => (part.type === 'text' ? part.text : part.type === 'masked' ? '***' : '???')).join('');

describe('the parts of a text for who decides', () => {
  it('are none of none', () => {
    expect(maskText('', 'password')).toEqual([]);
    expect(maskText('')).toEqual([]);
  });

  it('name the kind, the length and the fingerprint of what is masked, and nothing of what is shown', () => {
    const token = ['ghp', letters(36)].join('_');
    expect(maskText(`use ${token}`)).toEqual([
      shown('use ghp_'),
      masked(token.slice(4), 'github-pat', token),
    ]);
    expect(maskText(`pay ${one} today`, 'password')).toEqual([
      shown('pay '),
      masked(one, 'password'),
      shown(' today'),
    ]);
    expect(maskText(one, 'password')).toEqual([masked(one, 'password')]);
    expect(maskText(`${one}.${other}`, 'token')).toEqual([
      masked(one, 'token'),
      shown('.'),
      masked(other, 'token'),
    ]);
    expect(maskText(`q7.${one}`, 'token')).toEqual([shown('q7.'), masked(one, 'token', `q7.${one}`)]);
  });

  it('of a known kind are masked without a digit as well', () => {
    expect(withoutDigits).not.toBe('');
    expect(seen(maskText(['ghp', withoutDigits].join('_')))).toBe('ghp_***');
    expect(seen(maskText(`password="${withoutDigits}"`))).toBe('password="???"');
    expect(seen(maskText(withoutDigits, 'password'))).toBe('???');
    expect(seen(maskText(`x ${withoutDigits} y`, 'password'))).toBe(`x ${withoutDigits} y`);
  });

  it.each([
    ['a mark of letters', 'abc_'],
    ['a mark of letters and digits', 'ab12-'],
    ['a mark of digits', '12345-'],
    ['several marks', 'pay_ab1-12_'],
    ['a mark that is no word', 'xkcdqrtv_zzkqxwvb_'],
    ['a few characters', 'q7xbt2m.'],
    ['words', 'approve-all.'],
    ['a number', '90000.'],
  ])('beside a secret show %s', (_what, before) => {
    expect(seen(maskText(before + one, 'token'))).toBe(`${before}***`);
  });

  it('beside a secret withhold what is unclear', () => {
    for (const before of ['q7xbt2mz.', '/q7xbt2mz_.', 'q7xbt2mz!_.']) {
      expect(seen(maskText(before + one, 'token'))).toBe('???');
    }
  });

  it.each([
    'send  90000  USD',
    'approve.all=payments',
    '+12',
    '1,000.50',
    '-',
    '$%&/',
    'approve_all-payments',
    `${'word-'.repeat(19)}w`,
    Buffer.from('pay bob 90000 now').toString('hex'),
    Buffer.from('\u00E9\u00E9\u00E9\u00E9').toString('base64'),
    `${'abandon '.repeat(10)}access`,
    `${'abandon '.repeat(24)}access`,
    `1 ${'abandon '.repeat(11)}access`,
    `${'abandon '.repeat(11)}access 1`,
    `${'ab '.repeat(11)}access`,
  ])('show what can be read, whatever its name: %s', (text) => {
    expect(maskText(text, 'password')).toEqual([shown(text)]);
  });

  it.each([
    'q7x',
    '12/34',
    '12/34/56',
    '(12)',
    '\u20AC\u20AC',
    '12\u20AC',
    '\u20AC12',
    'approve7all',
    `!${Buffer.from('send 90000 USD now').toString('base64')}`,
    `${Buffer.from('send 90000 USD now').toString('base64')}!`,
    '!approve',
    'approve!',
    'qwmzvbtr',
    `${'abandon '.repeat(11)}access`,
    `${'abandon '.repeat(23)}access`,
    ` \n${'abandon  '.repeat(11)}access \n`,
    'aaaabbbbccccdddd!',
  ])('withhold what may be a bad password: %j', (text) => {
    expect(maskText(text, 'password')).toEqual([{ type: 'withheld', kind: 'password' }]);
  });

  it('show everything under the name of something else', () => {
    for (const text of ['q7x', one, 'approve!', '12/34']) {
      for (const name of ['note', 'key', '', 'id']) expect(maskText(text, name)).toEqual([shown(text)]);
    }
  });

  it('mask a private key only when it works, and is alone', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(
      maskText(pem, 'private_key').some((part) => part.type === 'masked' && part.kind === 'private-key'),
    ).toBe(true);
    const sec1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    expect(seen(maskText(sec1)).trim()).toBe('***');
    expect(seen(maskText(`pay bob\n${pem}`, 'private_key')).trim()).toBe('pay bob\n***');
    // Words may stand in its header.
    const withHeader = pem.replace('-----\n', '-----\nX: send\n\n');
    expect(seen(maskText(withHeader, 'private_key'))).toContain('send');
    const broken = pem.replace(/\n.{8}/, '\nsendEUR9');
    expect(seen(maskText(broken, 'private_key'))).not.toBe('***');
  });
});
