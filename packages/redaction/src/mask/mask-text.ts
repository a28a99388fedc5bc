import { createPrivateKey } from 'node:crypto';
import { isPlaceholder, looksLikeWords } from '../engine/entropy.ts';
import { rankOf, type Secret } from '../engine/rule.ts';
import { fingerprint } from '../fingerprint.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import { classifyName } from '../names.ts';
import { finder } from '../redact.ts';
import { isEncodedText } from './readable.ts';
import { isSecretShaped } from './secret-shape.ts';

/** A part of a text for a person who decides on it. */
export type MaskedPart =
  | { type: 'text'; text: string }
  /** Random characters: hiding them hides nothing that could be meant. */
  | { type: 'masked'; kind: string; length: number; fingerprint: string }
  /** A secret, perhaps, and perhaps something that a person has to see. */
  | { type: 'withheld'; kind: string };

// Enough of a name to class it.
const longestName = 256;

/**
 * Cuts a text into what can be shown and what looks like a secret, for people who decide on it: other than `redact` it hides
 * nothing behind a name alone. Words, numbers and encoded text are shown, whatever the name above them says.
 *
 * @param name what the text stands under
 */
export function maskText(text: string, name = ''): MaskedPart[] {
  const named = classifyName(name.slice(0, longestName));
  const parts: MaskedPart[] = [];
  let at = 0;
  const showTo = (to: number) => {
    if (to === at) return;
    const stretch = text.slice(at, to);
    if (named?.strong === true) parts.push(...maskSecret(stretch, named.kind, false));
    else parts.push({ type: 'text', text: stretch });
  };
  for (const { start, end, kind, rank } of finder.find(text) ?? []) {
    showTo(start);
    parts.push(...maskSecret(text.slice(start, end), kind, rank >= rankOf.token));
    at = end;
  }
  showTo(text.length);
  return joined(parts);
}

type Found = Pick<Secret, 'kind'> & { known: boolean };

function maskSecret(text: string, kind: string, known: boolean): MaskedPart[] {
  if (isPrivateKey(text)) return [masked(kind, text)];
  if (isMnemonic(text)) return [{ type: 'withheld', kind }];
  if (/\S\s+\S/.test(text)) return wordsOf(text).flatMap((word) => maskWord(word, { kind, known }));
  const pieces = piecesOf(text).map((piece) => judge(piece, { kind, known }));
  const hidden = pieces.filter(({ shows }) => shows === 'nothing').length;
  const isClear = pieces.every(({ shows }) => shows === 'meaning');
  if (hidden === 0 && (isClear || isPlaceholder(text) || isMostlyPlaceholder(text))) return [shown(text)];
  // Beside a secret, what is short says nothing; alone it may be a bad password.
  const tells = (shows: Shows) => shows === 'something' || (hidden === 0 && shows === 'little');
  if (pieces.some(({ shows }) => tells(shows))) return [{ type: 'withheld', kind }];
  // As logs and the audit log name it.
  return pieces.map(({ part }) =>
    hidden === 1 && part.type === 'masked' ? { ...part, fingerprint: fingerprint(text) } : part,
  );
}

const shown = (text: string): MaskedPart => ({ type: 'text', text });
const masked = (kind: string, text: string): MaskedPart => ({
  type: 'masked',
  kind,
  length: text.length,
  fingerprint: fingerprint(text),
});

// Blanks, and signs between values. Nothing is left out.
const wordsOf = (text: string) => text.match(/[\s;,&"'`<>(){}[\]|=]+|[^\s;,&"'`<>(){}[\]|=]+/g) ?? [];
const marks = /^(?:(?:[A-Za-z]{1,10}|[a-z]{2,5}\d{1,2}|\d{1,20})[-_])+/;

// The mark in front (`sk_live_`) and the parts of a token (`head.claims.signature`). Nothing is left out.
function piecesOf(text: string): string[] {
  return (text.match(/[.:=]+|[^.:=]+/g) ?? []).flatMap((part) => {
    const mark = marks.exec(part)?.[0] ?? '';
    return [mark, part.slice(mark.length)].filter((piece) => piece !== '');
  });
}

// In a sentence everything but the secrets is shown.
const maskWord = (word: string, found: Found): MaskedPart[] =>
  piecesOf(word).map((piece) => judge(piece, found).part);

/** What a person would learn from a piece: a meaning, a few characters, something unclear, or nothing since it is random. */
type Shows = 'meaning' | 'little' | 'something' | 'nothing';

interface Judged {
  part: MaskedPart;
  shows: Shows;
}

const shortPiece = 8;

function judge(piece: string, { kind, known }: Found): Judged {
  if (isSecretShaped(piece, known)) return { part: masked(kind, piece), shows: 'nothing' };
  const part = shown(piece);
  if (isPlain(piece.trim(), known)) return { part, shows: 'meaning' };
  return { part, shows: piece.length < shortPiece || /^[\w-]*[-_]$/.test(piece) ? 'little' : 'something' };
}

const longestWords = 96;
// The beginning of what is longer tells.
const longestDecoded = 4_096;

function isPlain(piece: string, known: boolean): boolean {
  if (!/[A-Za-z]/.test(piece)) return /^[\x20-\x7E]*$/.test(piece) && !/\d[^\d.,+-]|[^\d.,+-]\d/.test(piece);
  // Behind the mark of a kind a word is a bad key rather than a word.
  if (!known && piece.length <= longestWords && /^[A-Za-z_-]+$/.test(piece) && looksLikeWords(piece))
    return true;
  return (
    piece.length >= shortPiece && /^[\w+/=-]+$/.test(piece) && isEncodedText(piece.slice(0, longestDecoded))
  );
}

// Words that open a wallet, as many as such phrases have.
const isMnemonic = (text: string) => /^\s*[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}\s*$/.test(text);

// One that works: a text between the same lines may be anything.
function isPrivateKey(text: string): boolean {
  if (
    !/^-----BEGIN [A-Z ]*PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END [A-Z ]*PRIVATE KEY-----\s*$/.test(text)
  ) {
    return false;
  }
  try {
    createPrivateKey(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts beside each other become one. */
function joined(parts: readonly MaskedPart[]): MaskedPart[] {
  const all: MaskedPart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.type === 'text' && last?.type === 'text')
      all[all.length - 1] = { ...last, text: last.text + part.text };
    else all.push(part);
  }
  return all;
}
