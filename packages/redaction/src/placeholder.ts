import { fingerprint } from './fingerprint.ts';

/** @returns what stands in the place of a secret: `[redacted:github-pat:3fa2c1]` */
export function placeholder(kind: string, secret: string): string {
  return `[redacted:${kind}:${fingerprint(secret)}]`;
}

/** Also the form without a kind or a fingerprint, which older rows hold. */
export const placeholderPattern = /\[redacted(?::[a-z0-9-]{1,40}(?::[0-9a-f]{6})?)?\]/y;

const everyPlaceholder = new RegExp(placeholderPattern.source, 'g');
const schemes = /\b(?:bearer|basic|token|apikey|flyv1)\b/gi;

/** Whether nothing worth hiding is left beside the placeholders of a text. */
export function isMostlyPlaceholder(text: string): boolean {
  if (!text.includes('[redacted')) return false;
  const rest = text.replace(everyPlaceholder, '').replace(schemes, '');
  return rest.replaceAll(/[^A-Za-z0-9]/g, '').length < 4;
}
