import { expect, it } from 'vitest';
import { fingerprint, fingerprintKey, useFingerprintKey } from './fingerprint.ts';
import { isMostlyPlaceholder, placeholder, placeholderPattern } from './placeholder.ts';

const isWhole = (text: string) => {
  placeholderPattern.lastIndex = 0;
  return placeholderPattern.test(text) && placeholderPattern.lastIndex === text.length;
};

it('a placeholder says the kind and the fingerprint', () => {
  expect(placeholder('github-pat', 'x')).toBe(`[redacted:github-pat:${fingerprint('x')}]`);
  expect(isWhole(placeholder('github-pat', 'x'))).toBe(true);
});

it.each(['[redacted]', '[redacted:token]', '[redacted:token:0a1b2c]', `[redacted:${'a'.repeat(40)}:0a1b2c]`])(
  'a placeholder is seen: %s',
  (text) => {
    expect(isWhole(text)).toBe(true);
    for (const whole of [
      text,
      `Bearer ${text}`,
      `basic "${text}"`,
      `token ${text}`,
      `apikey ${text}`,
      `FlyV1 ${text},${text}`,
      `${text} ab1`,
      `a${text}b${text}`,
      `"${text}" - !`,
    ]) {
      expect(isMostlyPlaceholder(whole), whole).toBe(true);
    }
    for (const whole of [
      `${text} ab12`,
      `${text}${text}abcd`,
      `a1${text}b2`,
      `bearers ${text}`,
      `xbasic ${text}`,
    ]) {
      expect(isMostlyPlaceholder(whole), whole).toBe(false);
    }
  },
);

it.each([
  '[redacted:]',
  '[redacted:Token]',
  '[redacted:token:]',
  '[redacted:token:0a1b2]',
  '[redacted:token:0a1b2c3]',
  '[redacted:token:0A1B2C]',
  '[redact]',
  `[redacted:${'a'.repeat(41)}]`,
  'redacted',
])('anything else is none: %s', (text) => {
  expect(isWhole(text)).toBe(false);
  expect(isMostlyPlaceholder(text)).toBe(false);
});

it('nothing is no placeholder', () => {
  expect(isMostlyPlaceholder('')).toBe(false);
  expect(isMostlyPlaceholder('a')).toBe(false);
});

it('a fingerprint is of the key in use, which stays when none is given', () => {
  useFingerprintKey('a key for these tests, of no use elsewhere');
  const before = fingerprint('x');
  expect(before).toMatch(/^[0-9a-f]{6}$/);
  const key = fingerprintKey();
  useFingerprintKey(undefined);
  useFingerprintKey('');
  expect(fingerprint('x')).toBe(before);
  useFingerprintKey('another');
  expect(fingerprint('x')).not.toBe(before);
  useFingerprintKey(key);
  expect(fingerprint('x')).toBe(before);
  expect(fingerprint('y')).not.toBe(before);
});
