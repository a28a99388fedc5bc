import type { LockedPackage, ReadLockFile } from '../lock-files/lock-file.ts';
import type { Given, GivenPackages } from '../lock-files/requests.ts';
import type { ChangedPackage } from './changed-package.ts';

/**
 * Packages that were locked before, and that somebody is given now who was given another one: another version, or another package under
 * the name that is asked for.
 *
 * @param known those that are changed anyway
 */
export function changedPlaces(
  before: ReadLockFile | undefined,
  after: ReadLockFile,
  known: ReadonlySet<LockedPackage>,
): ChangedPackage[] {
  if (before === undefined) return [];
  const old = before.given();
  const pairs = pairsOf(old);
  const [oldEntries, nowEntries] = [byKey(before.packages), byKey(after.packages)];
  const changed = new Map<LockedPackage, Set<LockedPackage>>();
  for (const [place, given] of after.given()) {
    const there = old.get(place);
    const had = new Set(there?.map(keyOf));
    for (const one of given) {
      const key = keyOf(one);
      if (had.has(key)) continue;
      // Who is new is given what is locked; but not under a name that was that of something else, or of nothing.
      if (there === undefined && (one.asked === one.name || pairs.has(pairOf(one)))) continue;
      const entries = (nowEntries.get(key) ?? []).filter((entry) => !known.has(entry));
      const were = (there ?? []).flatMap((was) => oldEntries.get(keyOf(was)) ?? []);
      for (const entry of entries) changed.set(entry, new Set([...(changed.get(entry) ?? []), ...were]));
    }
  }
  return [...changed].map(([entry, were]) => ({ entry, before: were.size === 0 ? [entry] : [...were] }));
}

const keyOf = ({ name, version }: { name: string; version: string | null }) =>
  JSON.stringify([name, version]);
const pairOf = ({ asked, name }: Given) => JSON.stringify([asked, name]);

const byKey = (entries: readonly LockedPackage[]) => Map.groupBy(entries, keyOf);

const pairsOf = (given: GivenPackages): ReadonlySet<string> =>
  new Set([...given.values()].flatMap((all) => all.map(pairOf)));
