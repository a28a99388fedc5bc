import { expect, it } from 'vitest';
import { copiedCodeHash, newCopiedCode, newTypedCode, typedCodeHash } from './one-time-code.ts';

it('[TRU-003] a typed code is easy to read, and fits however it is written', () => {
  const codes = Array.from({ length: 500 }, newTypedCode);
  expect(new Set(codes).size).toBe(500);
  for (const code of codes) {
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}$/);
    for (const written of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
      expect(typedCodeHash(written)).toBe(typedCodeHash(code));
    }
  }
});

it('[TRU-003] a typed code is stored as a hash of its own, which stays the same in later releases', () => {
  const stored = '\\x051b058e42b48b1287414506ce03203567d8505b82b28e0b4d7906f43cde8114';
  expect(typedCodeHash('abcd-2345-efgh')).toBe(stored);
  expect(typedCodeHash('abcd-2345-efgj')).not.toBe(stored);
});

it('[TRU-003] a copied code is long, and fits as it is', () => {
  const code = newCopiedCode();
  expect(code).toMatch(/^[\w-]{43}$/);
  expect(copiedCodeHash(`${code}\n`)).toBe(copiedCodeHash(code));
  expect(copiedCodeHash(code.toLowerCase())).not.toBe(copiedCodeHash(code));
});
