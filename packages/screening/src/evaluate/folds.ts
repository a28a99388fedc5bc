import { normalise } from '../text/normalise.ts';

const shingle = 4;
// Texts that share this part of the shorter one's word groups are variants of one another.
const near = 0.25;
// A group of words that so many texts have says nothing about two of them.
const common = 40;

/**
 * Divides texts into folds so that near-duplicates and variants of one text stay together: texts that share a good part of
 * their groups of four words, or a line, form one group, and a group is in one fold.
 *
 * @returns the fold of each text
 */
export function foldsOf(texts: readonly string[], folds: number): number[] {
  const parent = texts.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] ?? 0] ?? 0;
    return at;
  };
  const groups = texts.map((text) => shinglesOf(text));
  const holders = new Map<string, number[]>();
  for (const [i, group] of groups.entries()) {
    for (const words of group) holders.set(words, [...(holders.get(words) ?? []), i]);
  }
  const shared = new Map<string, number>();
  for (const all of holders.values()) {
    if (all.length > common) {
      for (const i of all) parent[find(i)] = find(all[0] ?? 0);
      continue;
    }
    for (const [at, i] of all.entries()) {
      for (const j of all.slice(at + 1)) shared.set(`${i} ${j}`, (shared.get(`${i} ${j}`) ?? 0) + 1);
    }
  }
  for (const [pair, times] of shared) {
    const [i = 0, j = 0] = pair.split(' ').map(Number);
    const shorter = Math.min(groups[i]?.size ?? 1, groups[j]?.size ?? 1);
    if (times >= near * shorter) parent[find(i)] = find(j);
  }
  // The largest groups first, each into the fold that has least so far.
  const members = new Map<number, number[]>();
  for (const i of texts.keys()) members.set(find(i), [...(members.get(find(i)) ?? []), i]);
  const sizes = Array.from({ length: folds }, () => 0);
  const fold = texts.map(() => 0);
  for (const group of [...members.values()].toSorted(
    (a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0),
  )) {
    const least = sizes.indexOf(Math.min(...sizes));
    sizes[least] = (sizes[least] ?? 0) + group.length;
    for (const i of group) fold[i] = least;
  }
  return fold;
}

function shinglesOf(text: string): Set<string> {
  const words = normalise(text).text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const found = new Set<string>();
  for (let i = 0; i + shingle <= words.length; i += 1) found.add(words.slice(i, i + shingle).join(' '));
  if (found.size === 0) found.add(words.join(' '));
  return found;
}
