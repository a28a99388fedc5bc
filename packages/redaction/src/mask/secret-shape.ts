import { entropy } from '../engine/entropy.ts';
import { isHex, isReadable } from './readable.ts';
import { isWallet } from './wallet.ts';

const shortest = 16;
// Keys and tokens are not longer, and what is longer may hold anything.
const longest = 512;
const leastBits = 3;
const entropyWindow = 64;
const window = 16;
// Characters of another kind than the one before, in any 16: text has fewer.
const leastChanges = { mixed: 3, hex: 1 };
// In all of a text in letters of one case, for each character.
const leastShare = 0.1;

/**
 * Whether a text was made by a random generator, so that hiding it hides nothing that anybody could mean by it: no words in any
 * dress, no encoded text, no number, and nothing that names an account or a wallet. A wrong no is harmless, a wrong yes is not.
 *
 * @param known its kind is told by a mark of its own, so that it is no address of a wallet
 */
export function isSecretShaped(text: string, known: boolean): boolean {
  if (text.length < shortest || text.length > longest || !/^[\w+/~-]+$/.test(text)) return false;
  if ((!known && !/\d/.test(text)) || !/[A-Za-z]/.test(text) || !isVaried(text)) return false;
  if (isAccount(text) || (!known && isWallet(text))) return false;
  return changes(text, known) && !isReadable(text);
}

function isVaried(text: string): boolean {
  for (let from = 0; from < text.length; from += entropyWindow) {
    const part = text.slice(Math.max(0, Math.min(from, text.length - entropyWindow)), from + entropyWindow);
    if (entropy(part) < leastBits) return false;
  }
  return true;
}

function changes(text: string, known: boolean): boolean {
  if (isHex(text)) return changesEverywhere(text, leastChanges.hex);
  if (/\d{7}/.test(text)) return false;
  if (/[a-z]/.test(text) && /[A-Z]/.test(text)) return changesEverywhere(text, leastChanges.mixed);
  return known || changesOf(text).filter(Boolean).length >= leastShare * text.length;
}

const changesOf = (text: string) =>
  Array.from(text, (character, at) => at > 0 && classOf(character) !== classOf(text[at - 1] ?? ''));

function changesEverywhere(text: string, least: number): boolean {
  const all = changesOf(text);
  for (let from = 0; from + window <= text.length; from += 1) {
    if (all.slice(from + 1, from + window).filter(Boolean).length < least) return false;
  }
  return true;
}

const classOf = (character: string) =>
  /\d/.test(character) ? 0 : /[a-z]/.test(character) ? 1 : /[A-Z]/.test(character) ? 2 : 3;

// An IBAN and a UUID: the names of somebody or something.
const account =
  /^[A-Z]{2}\d{2}[A-Z]{0,4}\d{7}|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isAccount = (text: string) => account.test(text);
