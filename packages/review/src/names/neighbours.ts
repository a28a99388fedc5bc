export interface Neighbours {
  /** The word that is one step away; undefined when there is none. */
  find(name: string): string | undefined;
}

/** Finds words that are one letter away: one more, one less, another, or two swapped. */
export function createNeighbours(words: Iterable<string>): Neighbours {
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
    find(name) {
      for (const part of [name, ...shortened(name)]) {
        const found = index.get(part)?.find((word) => isOneStep(word, name));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

export const undoubled = (word: string) => word.replaceAll(/(.)\1/g, '$1');

const shortened = (word: string) => Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));

// Of five letters, where so many words are one letter away: two swapped, one written twice, or one for another that is easily taken for it.
const fewLetters = 5;
const easilyTaken = new Set(['mn', 'nm', 'ck', 'kc', 'sz', 'zs', 'iy', 'yi', 'vw', 'wv']);

function isOneStep(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const isFew = a.length <= fewLetters;
  if (isFew && a.length !== b.length) return undoubled(a) === undoubled(b);
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  if (a.length < b.length) return a.slice(from) === b.slice(from + 1);
  if (a.length > b.length) return a.slice(from + 1) === b.slice(from);
  if (a.slice(from + 1) === b.slice(from + 1)) {
    return !isFew || a === b || easilyTaken.has(`${a[from]}${b[from]}`);
  }
  return a[from] === b[from + 1] && a[from + 1] === b[from] && a.slice(from + 2) === b.slice(from + 2);
}

/** Finds names with one long word that is two steps away and begins alike; their other words are the same. */
export function createFarNeighbours(names: Iterable<string>): Neighbours {
  const byBeginning = Map.groupBy(names, (name) => name.slice(0, sameBeginning));
  return {
    find: (name) => byBeginning.get(name.slice(0, sameBeginning))?.find((known) => isTwoSteps(known, name)),
  };
}

const sameBeginning = 2;
const mostSteps = 2;
const longWord = 8;

function isTwoSteps(known: string, name: string): boolean {
  const [words, others] = [wordsOf(known), wordsOf(name)];
  const differing = words.flatMap((word, at) =>
    word === others[at] ? [] : [[word, others[at] ?? ''] as const],
  );
  const [pair] = differing;
  if (words.length !== others.length || differing.length !== 1 || pair === undefined) return false;
  const [word, other] = pair;
  return (
    word.length >= longWord &&
    word.slice(0, sameBeginning) === other.slice(0, sameBeginning) &&
    distance(word, other, mostSteps) <= mostSteps
  );
}

const wordsOf = (name: string) => name.split(/[._-]/);

/** Steps from one word to the other, each as in `isOneStep`; no more than one above `most` are counted. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length] ?? most + 1;
}
