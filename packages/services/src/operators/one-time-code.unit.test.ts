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

it('[TRU-003] a copied code is long, and fits as it is', () => {
  const code = newCopiedCode();
  expect(code).toMatch(/^[\w-]{43}$/);
  expect(copiedCodeHash(`${code}\n`)).toBe(copiedCodeHash(code));
  expect(copiedCodeHash(code.toLowerCase())).not.toBe(copiedCodeHash(code));
});
