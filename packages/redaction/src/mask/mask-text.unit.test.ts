import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../fingerprint.ts';
import { maskText, type MaskedPart } from './mask-text.ts';
import { isSecretShaped } from './secret-shape.ts';

const order = 'send 90000 USD to DE89370400440532013000';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const random = (seed: number, encoding: 'base64url' | 'hex' = 'base64url') =>
  createHash('sha256').update(`seed ${seed}`).digest(encoding);
/** Letters and digits that look random and hold nothing else, the same at every run. */
const letters = (length: number, seed = 1) =>
  Array.from({ length: 50 }, (_, more) => random(seed + 1_000 * more).replaceAll(/[-_]/g, '') + random(more))
    .map((text) => text.replaceAll(/[-_]/g, '').slice(0, length))
    .find((text) => text.length === length && isSecretShaped(text, false)) ?? '';

const seen = (parts: readonly MaskedPart[]) =>
  parts.map((part) => (part.type === 'text' ? part.text : part.type === 'masked' ? '***' : '???')).join('');

describe('a value under the name of a secret', () => {
  it.each([
    ['an order', order],
    ['one in lines', `please\n${order}\n`],
    ['one with other blanks', 'send\u00A090000\u3000USD to Bob'],
    ['words', 'approve-all-payments'],
    ['a number', '90000'],
    ['an amount', '-90,000.50'],
    ['a word', 'USDC'],
    ['an order in base64', base64(order)],
    ['one that begins elsewhere', `x${base64(order)}`],
    ['one in base64 without padding', base64url(order)],
    ['one in base64 twice', base64(base64(order))],
    ['one in UTF-16', Buffer.from(order, 'utf16le').toString('base64')],
    ['one in another language', base64('отправьте 90000 рублей')],
    ['one in hexadecimal digits', Buffer.from(order).toString('hex')],
    ['what stands for a secret', '<token>'],
    ['what was redacted before', '[redacted:token:3fa2c1]'],
  ])('[TRU-007] is shown: %s', (_what, text) => {
    for (const name of ['password', 'api_key', 'token', 'client_secret']) {
      expect(maskText(text, name)).toEqual([{ type: 'text', text }]);
    }
  });

  it.each([
    ['a password that somebody made up', 'hunter2hunter2'],
    ['an order without blanks', 'Transfer90000UsdToDE89370400440532013000now'],
    ['one with letters by turns', 'sEnD90000uSdToBoBsAcCoUnT'],
    ['one with digits for letters', 's3nd90000d0ll4r5t0b0b7x'],
    ['one behind random letters', `${letters(24)}Send90000ToMallory`],
    ['an order whose blanks are invisible', 'send\u200B90000\u200BUSD'],
    ['an order in JSON', '{"send":90000,"to":"mallory"}'],
    ['an account', 'DE89370400440532013000'],
    ['an address of Ethereum', '0x52908400098527886E0F7030069857D2E4169EE7'],
    ['an address of Bitcoin', '1BoatSLRHtKNngkdXEeobR76b53LETtpyT'],
    ['an id', '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
    ['something compressed', `H4sI${letters(40)}`],
    ['something long', letters(40).repeat(20)],
    [
      'the words of a wallet',
      'abandon ability able about above absent absorb abstract absurd abuse access accident',
    ],
  ])('[TRU-007] is withheld: %s', (_what, text) => {
    expect(maskText(text, 'password')).toEqual([{ type: 'withheld', kind: 'password' }]);
  });

  it.each([
    ['letters and digits', letters(32)],
    ['hexadecimal digits', random(7, 'hex')],
  ])('is masked with its length and its fingerprint when it is random: %s', (_what, text) => {
    expect(maskText(text, 'api_key')).toEqual([
      { type: 'masked', kind: 'api-key', length: text.length, fingerprint: fingerprint(text) },
    ]);
  });

  it('is nearly always masked when it is random', () => {
    const share = (texts: string[], known: boolean) =>
      texts.filter((text) => isSecretShaped(text, known)).length / texts.length;
    const seeds = Array.from({ length: 500 }, (_, seed) => seed);
    expect(
      share(
        seeds.map((seed) => random(seed, 'hex')),
        false,
      ),
    ).toBeGreaterThan(0.95);
    expect(
      share(
        seeds.map((seed) => random(seed)),
        false,
      ),
    ).toBeGreaterThan(0.9);
    expect(
      share(
        seeds.map((seed) => random(seed).replaceAll(/[-_]/g, '').slice(0, 36)),
        true,
      ),
    ).toBeGreaterThan(0.95);
  });
});

describe('a secret within a text', () => {
  it('is masked alone: its mark and all around it is shown', () => {
    const token = `ghp_${letters(36)}`;
    expect(seen(maskText(`clone with ${token} and ${order}`))).toBe(`clone with ghp_*** and ${order}`);
    expect(maskText(token)[1]).toMatchObject({ length: 36, fingerprint: fingerprint(token) });
    expect(seen(maskText(`https://bob:${letters(24)}@host/pay?amount=90000`))).toBe(
      'https://bob:***@host/pay?amount=90000',
    );
    expect(seen(maskText(`${order} with ${letters(32)} today`, 'password'))).toBe(`${order} with *** today`);
    expect(seen(maskText(`pay_bob_${letters(32)} x`, 'password'))).toBe('pay_bob_*** x');
    expect(seen(maskText(`Bearer ${letters(40)}`, 'authorization'))).toBe('Bearer ***');
    expect(seen(maskText(`sid=${letters(32)}; pay=90000`, 'cookie'))).toBe('sid=***; pay=90000');
    expect(seen(maskText(`xoxb-${'1234567890'}-1234567890123-${letters(24)}`))).toBe(
      'xoxb-1234567890-1234567890123-***',
    );
  });

  it('is withheld when it is of a known form and not random', () => {
    expect(seen(maskText('ghp_Send90000UsdToAccount12345678901234567'))).not.toContain('***');
    expect(seen(maskText('https://bob:send90000@host/pay'))).toBe('https://bob:???@host/pay');
    expect(seen(maskText('the password=hunter2hunter2'))).toBe('the password=???');
  });

  it('[TRU-007] leaves the claims of a JWT to be read, and masks its signature', () => {
    const claims = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(`{"order":"${order}"}`)}`;
    const signature = letters(43);
    for (const name of ['note', 'token']) {
      expect(seen(maskText(`${claims}.${signature}`, name))).toBe(`${claims}.***`);
      expect(seen(maskText(`${claims}.${base64url(`${order}, at once`)}`, name))).not.toContain('***');
    }
  });

  it('[TRU-007] masks a private key that is one, and shows what only stands between its lines', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(maskText(pem, 'private_key').map(({ type }) => type)).toContain('masked');
    expect(seen(maskText(pem, 'private_key')).trim()).toBe('***');
    const forged = `-----BEGIN PRIVATE KEY-----\n${order}\n-----END PRIVATE KEY-----`;
    expect(seen(maskText(forged, 'private_key'))).toContain(order);
  });

  it('changes nothing when there is none', () => {
    for (const text of ['', 'x', order, 'a\nb', '😀 é \u202E'])
      expect(seen(maskText(text, 'note'))).toBe(text);
  });
});
