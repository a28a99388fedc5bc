import { beginsToken, isAlphanumeric } from '../engine/boundary.ts';
import { entropy, isPlaceholder, looksRandom } from '../engine/entropy.ts';
import { rankOf, type Rule } from '../engine/rule.ts';

/**
 * A token whose mark does not stand at its beginning: as many characters in front of it belong to it as `before` can take.
 *
 * @param before sticky, tried `width` characters before the mark; must end at the mark or behind it
 */
function marked(
  kind: string,
  mark: string,
  width: number,
  expression: RegExp,
  { bits = 3, secretFrom = 0 }: { bits?: number; secretFrom?: number } = {},
): Rule {
  const sticky = new RegExp(expression.source, 'y');
  return {
    kinds: [kind],
    keywords: [mark.toLowerCase()],
    family: 'token',
    find(at, scan) {
      const start = at - width;
      // All of them have a letter or a digit in front of the mark: most of what looks like it falls here.
      if (start < 0 || !isInBase64(scan.text.charCodeAt(at - 1))) return undefined;
      if (isAlphanumericBefore(start, scan.text)) return undefined;
      sticky.lastIndex = start;
      const match = sticky.exec(scan.text);
      if (match === null) return undefined;
      const secret = match[0].slice(secretFrom);
      if (entropy(secret) < bits || isPlaceholder(secret) || !looksRandom(secret)) return undefined;
      return { lead: start, start: start + secretFrom, end: sticky.lastIndex, kind, rank: rankOf.token };
    },
  };
}

const isInBase64 = (c: number) => isAlphanumeric(c) || c === 43 || c === 47;

const isAlphanumericBefore = (start: number, text: string) =>
  start > 0 && isAlphanumeric(text.charCodeAt(start - 1)) && !/\\[nrt]$/.test(text.slice(start - 2, start));

const facebookIds = [15, 16].map((digits) =>
  marked('facebook-access-token', '|', digits, new RegExp(`\\d{${digits}}\\|[\\w-]{27,40}(?![\\w-])`), {
    secretFrom: digits + 1,
  }),
);

/** Azure's client secrets, Terraform Cloud's tokens and others with the mark in the middle or at the end. */
export const markedWithinTokens: readonly Rule[] = [
  marked('azure-client-secret', 'Q~', 4, /[\w~.-]{3}\dQ~[\w~.-]{28,36}(?![\w~-])/),
  marked('terraform-token', '.atlasv1.', 14, /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,90}/),
  marked('maxmind-key', '_mmk', 36, /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9])/),
  marked('mailchimp-key', '-us', 32, /[0-9a-f]{32}-us\d{1,2}(?!\d)/),
  marked('azure-devops-pat', 'AZDO', 76, /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/),
  marked('azure-storage-key', '+ASt', 76, /[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==/),
  ...facebookIds,
  {
    kinds: ['telegram-token'],
    keywords: [':a', '/bot'],
    family: 'token',
    find(at, { text }) {
      // Also inside a path: https://host/bot<token>/method.
      const path = text.startsWith('/', at);
      const colon = path ? digitsEnd(text, at + 4) : at;
      const start = path ? at + 4 : digitsBegin(text, at);
      const count = colon - start;
      if (count < 5 || count > 16 || text[colon] !== ':') return undefined;
      telegramBody.lastIndex = colon + 1;
      if (!telegramBody.test(text)) return undefined;
      return { lead: start, start, end: telegramBody.lastIndex, kind: 'telegram-token', rank: rankOf.token };
    },
  },
];

const telegramBody = /[\w-]{20,100}(?![\w-])/y;
const longestId = 17;

function digitsBegin(text: string, end: number): number {
  let at = end;
  while (at > 0 && end - at < longestId && isDigit(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function digitsEnd(text: string, begin: number): number {
  let at = begin;
  while (at - begin < longestId && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

const isDigit = (c: number) => c >= 48 && c <= 57;

/** JSON Web Tokens, also encoded once more. */
export const webTokens: readonly Rule[] = [
  {
    kinds: ['jwt'],
    keywords: ['eyj'],
    family: 'token',
    find(at, scan) {
      if (!beginsToken(at, scan) || isInside(at, scan.text)) return undefined;
      jwt.lastIndex = at;
      if (!jwt.test(scan.text)) return undefined;
      return { lead: at, start: at, end: jwt.lastIndex, kind: 'jwt', rank: rankOf.token };
    },
  },
  {
    kinds: ['jwt-base64'],
    keywords: ['zxlk'],
    family: 'token',
    find(at, scan) {
      if (!beginsToken(at, scan) || isInside(at, scan.text)) return undefined;
      encodedJwt.lastIndex = at;
      if (!encodedJwt.test(scan.text)) return undefined;
      return { lead: at, start: at, end: encodedJwt.lastIndex, kind: 'jwt-base64', rank: rankOf.token };
    },
  },
];

// In the middle of base64 of either kind.
const isInside = (at: number, text: string) => at > 0 && '-_/+'.includes(text[at - 1] ?? ' ');

// Three parts, five when encrypted; the last may be cut off. `{"` is eyJ in base64url.
const jwt = /eyJ[\w-]{5,4096}\.[\w-]{5,8192}={0,2}(?:\.[\w-]{0,8192}){0,3}={0,2}/y;
const encodedJwt = /ZXlK[A-Za-z0-9+/_-]{60,12000}={0,2}/y;
