import { createHash, randomBytes } from 'node:crypto';

// Without letters that are taken for digits, or for each other.
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A code that a person types: three groups of four characters, 60 bits. */
export function newTypedCode(): string {
  const text = Array.from(randomBytes(12), (byte) => letters[byte % letters.length]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/** A code that a person copies: 256 bits. */
export const newCopiedCode = (): string => randomBytes(32).toString('base64url');

/** The hash under which a typed code is stored; case, spaces and hyphens do not count. */
export const typedCodeHash = (code: string): string => hashOf(code.toUpperCase().replaceAll(/[\s-]/g, ''));

/** The hash under which a copied code is stored. */
export const copiedCodeHash = (code: string): string => hashOf(code.trim());

// As Postgres reads bytes.
const hashOf = (code: string) => `\\x${createHash('sha256').update(code).digest('hex')}`;
