import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';
import { partsOf, writeForm } from '../samples/token-alphabets.ts';

const made = (form: string, length: number) => writeForm(partsOf(form), [length]);
const lines: ReadonlyArray<readonly [kind: string, token: string]> = [
  ['azure-client-secret', `abc8Q~${made('any*34', 34)}`],
  ['terraform-token', `${made('any*14', 14)}.atlasv1.${made('any*60', 60)}`],
  ['maxmind-key', `${made('any*6', 6)}_${made('any*29', 29)}_mmk`],
  ['mailchimp-key', `${made('lowhex*32', 32)}-us12`],
  ['azure-devops-pat', `${made('any*76', 76)}AZDO${made('any*4', 4)}`],
  ['azure-storage-key', `${made('base64*76', 76)}+ASt${made('any*6', 6)}==`],
];
const telegram = `A${made('word*34', 34)}`;
const facebook = made('any*28', 28);
const head = `eyJ${made('any*5', 5)}`;
const body = made('any*5', 5);

describe('a token with its mark within', () => {
  it.each(lines)('[SEC-020] is found with all that belongs to it: %s', (kind, token) => {
    for (const [before, behind] of [
      ['', ''],
      ['use ', ' now'],
      ['"', '"'],
      [String.raw`x\n`, '\n'],
      ['x=', '&'],
    ]) {
      expect(withoutFingerprints(redact(`${before}${token}${behind}`))).toBe(
        `${before}[redacted:${kind}]${behind}`,
      );
    }
  });

  it.each(lines)('is not found within a word: %s', (kind, token) => {
    expect(redact(`x${token}`)).not.toContain(kind);
    expect(redact(token.slice(1))).not.toContain(kind);
    expect(redact(` ${token.slice(1)}`)).not.toContain(kind);
  });

  it.each(
    lines.map(
      ([kind, token]) =>
        [kind, token.replaceAll(/[a-zA-Z0-9](?=.*(?:Q~|\.atlas|_mmk|-us|AZDO|\+ASt))/g, 'a')] as const,
    ),
  )('is not found where nothing is random: %s', (_kind, token) => {
    const plain = token.replaceAll(/(?<=Q~|v1\.)\w+/g, (text) => 'a'.repeat(text.length));
    expect(redact(plain)).toBe(plain);
  });

  it.each([
    ['a few characters again and again', `${'a1'.repeat(16)}-us12`],
    ['letters of one case', `${made('small*6', 6)}_${made('small*29', 29)}_mmk`],
    ['a sign that hides it', `${made('any*70', 70)}xxxxxxAZDO${made('any*4', 4)}`],
  ])('is not found in what has its form and is %s', (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([...Array.from('+/', (sign) => `${made('base64*75', 75)}${sign}+ASt${made('any*6', 6)}==`)])(
    '[SEC-020] is found whatever stands in front of its mark: %s',
    (token) => {
      expect(withoutFingerprints(redact(`x ${token} y`))).toBe('x [redacted:azure-storage-key] y');
    },
  );

  it('[SEC-020] is found where what looks like its mark is a part of what stands in front of it', () => {
    expect(withoutFingerprints(redact(`aQ~1Q~${made('any*34', 34)}`))).toBe('[redacted:azure-client-secret]');
  });

  it.each([
    ...lines,
    ['telegram-token', `12345:${telegram}`] as const,
    ['jwt', `${head}.${body}.${body}`] as const,
    ['jwt-base64', `ZXlK${made('base64*60', 60)}`] as const,
  ])('[SEC-020] is named by its form where a name stands in front of it: %s', (kind, token) => {
    expect(withoutFingerprints(redact(`token="${token}"`))).toBe(`token="[redacted:${kind}]"`);
  });

  it('[SEC-020] is behind the id of an app of Facebook', () => {
    for (const id of ['911602140448729', '9116021404487290']) {
      expect(withoutFingerprints(redact(`t ${id}|${facebook} x`))).toBe(
        `t ${id}|[redacted:facebook-access-token] x`,
      );
    }
    for (const text of [
      `91160214044872|${facebook}`,
      `9116021404487290 |${facebook}`,
      `x911602140448729|${facebook}`,
      `911602140448729|${facebook.slice(2)}`,
      `911602140448729|your_${facebook}`,
      `911602140448729|${made('small*28', 28)}`,
    ]) {
      expect(redact(text)).toBe(text);
    }
  });
});

describe('a token of Telegram', () => {
  it.each([
    `«12345:${telegram}»`,
    `as «1234567890123456:${telegram}» x`,
    `a/«12345:${telegram}»`,
    `https://host/bot«12345:${telegram}»/getMe`,
    `https://host/bot«1234567890123456:${telegram}»`,
    `https://host/bot«12345:${telegram.slice(0, 20)}»/getMe`,
    `https://host/BOT«12345:b${telegram.slice(1)}»/getMe`,
    `as «12345:${telegram}${'x1'.repeat(32)}»`,
  ])('[SEC-020] is found: %s', (text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'telegram-token'));
  });

  it.each([
    `as 1234:${telegram}`,
    `as 12345678901234567:${telegram}`,
    `as 12345:b${telegram.slice(1)}`,
    `as 12345:${telegram.slice(0, 19)}`,
    `as 12345:${telegram}${'x1'.repeat(34)}`,
    `https://host/bot1234:${telegram}`,
    `https://host/bot12345678901234567:${telegram}`,
    `https://host/bot12345/${telegram}`,
    `https://host/robot12345:b${telegram.slice(1)}`,
  ])('is not found in what is none: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('a JSON Web Token', () => {
  it.each([
    `«${head}.${body}»`,
    `got «${head}.${body}.» back`,
    `got «${head}.${body}.${body}» back`,
    `got «${head}.${body}==.${body}=» back`,
    `got «${head}.${body}.${body}.${body}.${body}==» back`,
    `"«${head}_-.${body}_-.${body}_-»"`,
    `x=«${head}.${body}.${body}»&y`,
    `(«${head}.${body}.${body}»)`,
  ])('[SEC-020] is found: %s', (text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'jwt'));
  });

  it('[SEC-020] is found encoded once more', () => {
    for (const length of [60, 61, 300]) {
      const text = `got «ZXlK${made('base64*300', length)}» back`;
      expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'jwt-base64'));
    }
    const padded = `got «ZXlK${made('base64*300', 70)}==» back`;
    expect(withoutFingerprints(redact(withoutMarks(padded)))).toBe(asRedacted(padded, 'jwt-base64'));
    for (const text of [
      `got ZXlK${made('any*59', 59)} back`,
      `got zxlk${made('any*70', 70)} back`,
      `xZXlK${made('any*70', 70)}`,
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  it.each([
    head,
    `${head.slice(0, -1)}.${body}.${body}`,
    `${head}.${body.slice(1)}`,
    `EYJ${head.slice(3)}.${body}.${body}`,
    ...Array.from('-_/+x7').map((before) => `a${before}${head}.${body}.${body}`),
    ...Array.from('-_/+').map((before) => `a${before}ZXlK${made('any*70', 70)}`),
  ])('is not found in what is none: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
