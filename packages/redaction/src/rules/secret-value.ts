import { entropy, isPlaceholder, looksLikeWords, looksRandom, looksSecret } from '../engine/entropy.ts';
import { isMostlyPlaceholder } from '../placeholder.ts';
import type { NameClass } from '../names.ts';
import type { Surroundings } from './surroundings.ts';
import { isPath, isReference, isTypeOrState } from './reference.ts';

const number = /^[+-]?\d{1,12}(?:\.\d+)?(?:ms|s|m|h|d|kb|mb|%)?$/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const prose =
  /\b(?:must|should|is|are|was|be|the|a|an|not|no|cannot|can't|for|to|of|has|have|been|failed|expired|field|missing|wrong|incorrect|too|please|your|does|with|and|or|at least|required|invalid)\b/i;
const sentence = /^[A-Za-z0-9',.:;!?()-]+(?: [A-Za-z0-9',.:;!?()-]+){2,}$/;
// Letters and digits by turns: a word of no sentence.
const mixedWord = /(?:^| )(?=[^ ]{8})[^ ]*(?:\d[A-Za-z]+\d|[a-z]\d[a-z])/;
const resource = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/;
const call = /^[A-Za-z_$][\w$.:>-]*$/;

// What a value is, its beginning tells.
const mostLooked = 300;

/** Whether a value beside a name of this class is a secret. */
export function isSecretValue(whole: string, quoted: boolean, name: NameClass, near: Surroundings): boolean {
  const value = whole.length > mostLooked ? whole.slice(0, mostLooked) : whole;
  if (value.length < (quoted ? 3 : 4)) return false;
  // password: str="...": a type, and the value behind it.
  if (isTypeOrState(quoted ? value : value.replace(/=$/, ''))) return false;
  if (isPlaceholder(value) || isMostlyPlaceholder(value) || isPath(value)) return false;
  if (number.test(value)) return name.numbers === true && value.length >= 4 && (near.tight || quoted);
  if (near.compared) return quoted ? looksSecret(value) : isKeyLike(value);
  if (!quoted && (near.next === '(' || near.next === '[') && !isPartOfEnvironment(value, near)) return false;
  // API_KEYS=k3st9rel,m8x2q7w4; not tokens: 7b8d4a52 in a sentence.
  if (!name.strong) return isKeyLike(value) || (name.several === true && near.tight && looksSecret(value));
  if (name.kind === 'secret' && resource.test(value)) return false;
  if (quoted) return !(sentence.test(value) && prose.test(value) && !mixedWord.test(value));
  if (near.next === '{' && !near.tight) return false;
  if (isReference(value, near)) return false;
  if (looksRandom(value)) return true;
  return near.tight || isLoneWord(value, near);
}

// PASSWORD=k3str(el9 on a line of its own; not token=sha256(x).
const isPartOfEnvironment = (value: string, near: Surroundings) =>
  near.tight && near.alone && !(call.test(value) && looksLikeWords(value));

// "password: hunter" in a file; not "invalid token: unexpected end of input".
function isLoneWord(value: string, { alone, next }: Surroundings): boolean {
  if (/[^A-Za-z.,:;!?/-]/.test(value)) return true;
  return (
    alone &&
    (next === '' || next === '\n' || next === '\r') &&
    /^[A-Za-z-]+$/.test(value) &&
    value.length >= 6
  );
}

// Between the name of a key and a digest or an id only the name could tell, and it does not.
function isKeyLike(value: string): boolean {
  if (value.length >= mostLooked) return false;
  if (value.length < 20 || /\s/.test(value) || uuid.test(value) || /^[0-9a-f]+$/i.test(value)) return false;
  if (/[:/]/.test(value.slice(0, 12)) || /^[A-Za-z]+(?:[-_.][A-Za-z0-9]+)+$/.test(value)) return false;
  return /^[\w.+/=~-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) > 3.5;
}
