import { looksLike } from '@actp/shared/names/look-alike';
import type { Ecosystem } from '../lock-files/lock-file.ts';
import { createFarNeighbours, createNeighbours, undoubled } from './neighbours.ts';
import { createScopeIndex, scopeOf } from './scopes.ts';
import { stemOf, withoutSeparators } from './stems.ts';

export type Likeness = 'letters' | 'separators' | 'look-alike' | 'scope' | 'decorated' | 'characters';

interface LikeName {
  name: string;
  how: Likeness;
}

export interface NameIndex {
  /** The well-known name that this one could be taken for; undefined when it is one itself, or is like none. */
  likeTo(name: string): LikeName | undefined;
}

export interface KnownNames {
  /** Names that are meant when somebody writes something like them. */
  imitated: Iterable<string>;
  /** Names that are no imitation, whatever they are like. */
  others?: Iterable<string>;
  /** Also finds what is two letters away, or has the name of the language added: for names that many imitate. */
  widely?: Ecosystem;
}

// Among short names everything is one letter away from something.
const shortestName = 5;
// No registry takes longer ones.
const longestName = 214;
const foreignCharacters = /[^\x21-\x7e]/g;

/** Whether a name has the characters that registries take, and nothing that looks like them or cannot be seen. */
export const isAsciiName = (name: string): boolean => /^[\x21-\x7e]*$/.test(name);

export function createNameIndex({ imitated, others = [], widely }: KnownNames): NameIndex {
  const meant = new Set(imitated);
  const known = new Set([...meant, ...others]);
  const all = new Map([...known].map((name) => [looksLike(name), name]));
  const seen = new Map([...meant].map((name) => [looksLike(name), name]));
  const scopes = createScopeIndex(known);
  const byParts = createPartsIndex(meant);
  const byLetters = createNeighbours([...meant].filter(({ length }) => length >= shortestName));
  const wide = widely === undefined ? undefined : createWideIndex(meant, widely);
  return {
    likeTo(name) {
      if (known.has(name)) return undefined;
      // No registry takes such a name, however it came into the lock file.
      if (!isAsciiName(name)) return foreign(name.slice(0, longestName), all);
      if (name.length > longestName) return undefined;
      const glyphs = seen.get(looksLike(name));
      if (glyphs !== undefined) return { name: glyphs, how: 'look-alike' };
      if (scopeOf(name) !== undefined) {
        const like = scopes.likeTo(name);
        return like === undefined ? undefined : { name: like, how: 'scope' };
      }
      const parts = byParts(name);
      if (parts !== undefined) return parts;
      const near = name.length >= shortestName ? byLetters.find(name) : undefined;
      return near === undefined ? wide?.(name) : { name: near, how: 'letters' };
    },
  };
}

function foreign(name: string, all: ReadonlyMap<string, string>): LikeName {
  const like = all.get(looksLike(name));
  return like === undefined
    ? { name: name.replaceAll(foreignCharacters, '') || 'empty', how: 'characters' }
    : { name: like, how: 'look-alike' };
}

/** The same letters, with other separators or as a scope. */
function createPartsIndex(meant: Iterable<string>): (name: string) => LikeName | undefined {
  const separated = new Map<string, string>();
  const unscoped = new Map<string, string>();
  for (const name of meant) {
    if (name.startsWith('@')) unscoped.set(withoutSeparators(name), name);
    else if (name.length >= shortestName) separated.set(withoutSeparators(name), name);
  }
  const long = createNeighbours([...unscoped.keys()].filter(({ length }) => length >= longName));
  return (name) => {
    const joined = withoutSeparators(name);
    const same = separated.get(joined);
    if (same !== undefined) return { name: same, how: 'separators' };
    const confused = unscoped.get(joined) ?? unscoped.get(long.find(joined) ?? '');
    return confused === undefined ? undefined : { name: confused, how: 'scope' };
  };
}

const longName = 8;
const shortestStem = 6;

/** Without separators and the language that is added: the same, or one letter away; and long words, two letters away. */
function createWideIndex(
  meant: ReadonlySet<string>,
  ecosystem: Ecosystem,
): (name: string) => LikeName | undefined {
  const plain = [...meant].filter((name) => !name.startsWith('@'));
  const stems = new Map(plain.map((name) => [stemOf(name, ecosystem), name]));
  stems.delete('');
  const joined = new Map(plain.map((name) => [withoutSeparators(name), name]));
  const long = (words: Iterable<string>) => [...words].filter(({ length }) => length >= shortestStem);
  const nearLetters = createNeighbours(long(joined.keys()));
  const nearStems = createNeighbours(long(stems.keys()));
  const far = createFarNeighbours(plain);
  const doubled = new Map(
    plain.filter(({ length }) => length < shortestName).map((name) => [undoubled(name), name]),
  );
  const written = (name: string) => {
    const word = doubled.get(undoubled(name));
    return word !== undefined && word.length < name.length ? word : undefined;
  };
  return (name) => {
    const letters = withoutSeparators(name);
    const stem = stemOf(name, ecosystem);
    // What has no language in its name does not imitate what has one.
    const isDecorated = stem !== letters;
    const same = isDecorated ? stems.get(stem) : undefined;
    if (same !== undefined) return { name: same, how: 'decorated' };
    const model =
      joined.get(nearLetters.find(letters) ?? '') ??
      (isDecorated && stem.length >= shortestStem ? stems.get(nearStems.find(stem) ?? '') : undefined) ??
      far.find(name) ??
      written(name);
    return model === undefined ? undefined : { name: model, how: 'letters' };
  };
}
