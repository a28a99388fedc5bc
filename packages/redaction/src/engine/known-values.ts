import { startsWord, isAlphanumeric } from './boundary.ts';
import { looksLikeWords, looksRandom } from './entropy.ts';
import { plainValue } from './colours.ts';
import { mergeSecrets } from './merge.ts';
import { rankOf, type Secret } from './rule.ts';
import { createWordSearch, shortestWord } from './word-search.ts';

/** Values that were found to be secrets, so that they are found as well where nothing tells. */
export interface KnownValues {
  /** Takes note of the secrets of a text. */
  learn(text: string, secrets: readonly Secret[]): void;
  /** Takes note of a value; of words, and of what is short, it does not. */
  add(value: string, kind: string): void;
  /** Where they stand from `from` to before `to`, in order, none overlapping another. */
  find(text: string, from: number, to: number): Secret[];
  isEmpty(): boolean;
}

const longest = 4_096;
// So long and random that it is no part of anything else.
const unmistakable = 16;

/** @param most so many of the last ones are remembered at least, and twice as many at most */
export function createKnownValues(most = 2_000): KnownValues {
  let kinds = new Map<string, string>();
  let search = createWordSearch();

  const forgetOld = () => {
    kinds = new Map([...kinds].slice(-most));
    search = createWordSearch();
    for (const value of kinds.keys()) search.add(value);
  };
  const addOne = (value: string, kind: string) => {
    if (value.length < shortestWord || value.length > longest || kinds.has(value)) return;
    if (isOrdinary(value) || value.includes('[redacted')) return;
    kinds.set(value, kind);
    search.add(value);
    if (kinds.size >= 2 * most) forgetOld();
  };
  const add = (value: string, kind: string) => {
    if (value.length < shortestWord) return;
    addOne(value, kind);
    for (const other of otherForms(value, kind)) addOne(other, kind);
  };
  return {
    add,
    learn(text, secrets) {
      for (const { start, end, kind } of secrets) add(plainValue(text.slice(start, end)), kind);
    },
    find(text, from, to) {
      const found: Secret[] = [];
      search.each(text, from, to, (start, value) => {
        const end = start + value.length;
        if (!standsAlone(text, start, end, value)) return false;
        found.push({ lead: start, start, end, kind: kinds.get(value) ?? 'secret', rank: rankOf.value });
        return true;
      });
      return mergeSecrets(found);
    },
    isEmpty: () => kinds.size === 0,
  };
}

// `localhost`, `my-database`: what a found value of that kind says is said elsewhere without meaning it.
const isOrdinary = (value: string) =>
  /^[A-Za-z _.:/@-]+$/.test(value) && looksLikeWords(value) && value.split(' ').length < 3;

/** The same in an address or in JSON, and each value of a cookie. */
function otherForms(value: string, kind: string): string[] {
  if (kind === 'cookie') {
    return value.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1));
  }
  if (kind === 'basic-auth') {
    const decoded = Buffer.from(value, 'base64').toString();
    return [decoded.slice(decoded.indexOf(':') + 1)];
  }
  if (/^(["'`]).*\1$/s.test(value)) return [value.slice(1, -1)];
  if (/^[\w.~-]*$/.test(value) || value.length > 1_000) return [];
  const forms = [value.toWellFormed()].map(encodeURIComponent);
  if (/["\\\n\t]/.test(value)) forms.push(JSON.stringify(value).slice(1, -1));
  if (/%[0-9A-Fa-f]{2}/.test(value)) forms.push(decoded(value));
  return forms;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function standsAlone(text: string, start: number, end: number, value: string): boolean {
  if (value.length >= unmistakable && looksRandom(value)) return true;
  if (isAlphanumeric(text.charCodeAt(end - 1)) && isAlphanumeric(text.charCodeAt(end))) return false;
  return !isAlphanumeric(text.charCodeAt(start)) || startsWord(text, start);
}
