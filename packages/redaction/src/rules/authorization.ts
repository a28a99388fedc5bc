import { entropy, isPlaceholder, looksLikeWords, looksSecret } from '../engine/entropy.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import { rankOf, type Scan, type Secret } from '../engine/rule.ts';
import { isTypeOrState } from './reference.ts';
import { isScheme } from './value.ts';

const opening = /(?:\[\s{0,2})?(?:\\{0,7}["'`]|%22|&quot;|\\{1,8}u0022)?/y;
// To the end of the line, or to a quote; parameters have quotes of their own.
const rest = /(?:[^\r\n"'`\\=]{1,256}|=\\{0,3}"[^"\r\n\\]{0,2048}\\{0,3}"|=|\\(?!["'nrt\\])){1,512}/y;
const longestRest = 2_048;
const firstWords = /^([A-Za-z][\w-]{0,40})[ \t]{1,3}(?=\S)/;
const parameters = /^[\w-]{1,40}=[^\s,]{0,2048}(?:,\s{0,3}[\w-]{1,40}=(?:"[^"]{0,2048}"|[^\s,]{0,2048}))*/;
const single = /^(?:\\ |[^\s,;)\]}<>&|])+/;

/**
 * What stands behind `Authorization:`: of a scheme that is known all but its word, otherwise the scheme as well.
 *
 * @param at where the value begins, with its quote
 */
export function authorizationOf(scan: Scan, start: number, at: number): Secret | undefined {
  const { text } = scan;
  opening.lastIndex = at;
  const opened = opening.exec(text)?.[0] ?? '';
  let from = opening.lastIndex;
  rest.lastIndex = 0;
  const whole = rest.exec(text.slice(from, from + longestRest))?.[0] ?? '';
  const scheme = firstWords.exec(whole);
  const word = scheme?.[1] ?? '';
  const behind = scheme === null ? whole : whole.slice(scheme[0].length);
  const credential = credentialAt(behind, opened !== '');
  if (!accept(word, credential, opened !== '')) return undefined;
  const known = scheme !== null && isScheme(word);
  const end = from + (scheme?.[0].length ?? 0) + credential.length;
  if (known) from += scheme[0].length;
  return { lead: start, start: from, end, kind: kindOf(word, known), rank: rankOf.value };
}

function credentialAt(behind: string, quoted: boolean): string {
  const listed = parameters.exec(behind)?.[0] ?? '';
  if (listed.includes(',') || listed.includes('"')) return listed;
  const one = single.exec(behind)?.[0] ?? '';
  // Within quotes all of it, if it is not a sentence.
  return quoted && !/ [a-z]+ [a-z]+/.test(behind) ? behind.replace(/[\s\])}]+$/, '') : one;
}

function accept(word: string, credential: string, quoted: boolean): boolean {
  if (credential.length < 4 || isPlaceholder(credential) || isMostlyPlaceholder(credential)) return false;
  if (isTypeOrState(credential) || (isTypeOrState(word) && !isScheme(word))) return false;
  if (/^[$%{<[(]/.test(credential)) return false;
  if (looksSecret(credential)) return true;
  if (isScheme(word) || word === '') return quoted ? !looksLikeWords(credential) : isOpaque(credential);
  return isOpaque(credential);
}

// Letters of one case, or digits alone: a word, unless it is long.
const isOpaque = (credential: string) =>
  !looksLikeWords(credential) && credential.length >= 12 && entropy(credential) > 2.5;

function kindOf(word: string, known: boolean): string {
  const scheme = word.toLowerCase();
  if (known && scheme === 'bearer') return 'bearer';
  return known && scheme === 'basic' ? 'basic-auth' : 'authorization';
}
