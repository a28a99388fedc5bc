import { looksLike } from '@actp/shared/names/look-alike';

export type Likeness = 'letters' | 'separators' | 'look-alike' | 'scope';

interface LikeName {
  name: string;
  how: Likeness;
}

export interface NameIndex {
  /** The well-known name that this one could be taken for; undefined when it is one itself, or is like none. */
  likeTo(name: string): LikeName | undefined;
}

// Among short names everything is one letter away from something.
const shortestName = 5;
const shortestScope = 4;
// No registry takes longer ones.
const longestName = 214;

/**
 * @param imitated names that are meant when somebody writes something like them
 * @param others names that are no imitation, whatever they are like
 */
export function createNameIndex(imitated: Iterable<string>, others: Iterable<string> = []): NameIndex {
  const meant = new Set(imitated);
  const known = new Set([...meant, ...others]);
  const letters = createNeighbours([...meant].filter(({ length }) => length >= shortestName));
  const scopes = new Set([...known].flatMap((name) => scopeOf(name) ?? []));
  const scopeLetters = createNeighbours([...scopes].filter(({ length }) => length >= shortestScope));
  const separated = new Map<string, string>();
  const seen = new Map<string, string>();
  const unscoped = new Map<string, string>();
  for (const name of meant) {
    if (name.length >= shortestName) separated.set(withoutSeparators(name), name);
    seen.set(looksLike(name), name);
    if (name.startsWith('@')) unscoped.set(withoutSeparators(name), name);
  }
  return {
    likeTo(name) {
      if (known.has(name) || name.length > longestName) return undefined;
      const glyphs = seen.get(looksLike(name));
      if (glyphs !== undefined) return { name: glyphs, how: 'look-alike' };
      const scope = scopeOf(name);
      if (scope !== undefined && !scopes.has(scope)) {
        const like = scopeLetters.find(scope);
        return like === undefined ? undefined : { name: `@${like}`, how: 'scope' };
      }
      // Within a scope that is trusted its owner gives the names.
      if (scope !== undefined) return undefined;
      const joined = separated.get(withoutSeparators(name));
      if (joined !== undefined && !joined.startsWith('@')) return { name: joined, how: 'separators' };
      const confused = unscoped.get(withoutSeparators(name));
      if (confused !== undefined) return { name: confused, how: 'scope' };
      const near = name.length >= shortestName ? letters.find(name) : undefined;
      return near === undefined ? undefined : { name: near, how: 'letters' };
    },
  };
}

const scopeOf = (name: string) => /^@([^/]+)\//.exec(name)?.[1];

const withoutSeparators = (name: string) => name.replaceAll(/[@/._-]/g, '');

/** Finds words that are one letter away: one more, one less, another, or two swapped. */
function createNeighbours(words: readonly string[]) {
  // Two words are that close when leaving out one letter, or none, of each gives the same; swapped letters then differ in place.
  const index = new Map<string, string[]>();
  for (const word of words) {
    for (const part of [word, ...shortened(word)]) {
      const list = index.get(part);
      if (list === undefined) index.set(part, [word]);
      else if (!list.includes(word)) list.push(word);
    }
  }
  return {
    find(name: string): string | undefined {
      for (const part of [name, ...shortened(name)]) {
        const found = index.get(part)?.find((word) => isOneStep(word, name));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

const undoubled = (word: string) => word.replaceAll(/(.)\1/g, '$1');

const shortened = (word: string) => Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));

// Of five letters, where so many words are one letter away: two swapped, or one written twice.
const fewLetters = 5;

function isOneStep(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  if (a.length <= fewLetters && a.length !== b.length) return undoubled(a) === undoubled(b);
  if (a.length <= fewLetters && Array.from(a).toSorted().join('') !== Array.from(b).toSorted().join(''))
    return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  if (a.length < b.length) return a.slice(from) === b.slice(from + 1);
  if (a.length > b.length) return a.slice(from + 1) === b.slice(from);
  if (a.slice(from + 1) === b.slice(from + 1)) return true;
  return a[from] === b[from + 1] && a[from + 1] === b[from] && a.slice(from + 2) === b.slice(from + 2);
}
