import type { LockedPackage, ReadLockFile } from '../lock-files/lock-file.ts';
import type { ChangedPackage } from './changed-package.ts';
import { changedPlaces } from './changed-places.ts';
import { changedTerms, type TermChange } from './changed-terms.ts';
import { hostOf } from '../lock-files/registry-hosts.ts';

export interface LockFileChange {
  /** Names that were not there before. */
  added: readonly ChangedPackage[];
  /** Another version, another content or another origin of a name that was there. */
  updated: readonly ChangedPackage[];
  /** How many entries are there no more. */
  removed: number;
  /** What the file as a whole says that it did not say before, such as another index. */
  options: readonly string[];
  /** What else decides about the packages, and is another than before. */
  terms: readonly TermChange[];
  /** What of the file was not understood, so that there may be other changes. */
  unread: readonly string[];
}

/**
 * What is in one lock file and was not in the other. The same version with another digest, address or install script is a change.
 *
 * @param before undefined when there was none: everything is new
 */
export function compareLockFiles(before: ReadLockFile | undefined, after: ReadLockFile): LockFileChange {
  const old = before?.packages ?? [];
  const names = new Set(old.map(nameKey));
  // A part of the project in the place of a package is a change of that package.
  const now = [...after.packages, ...after.parts.filter((part) => names.has(nameKey(part)))].filter(
    (entry) => entry.origin !== 'project' || before?.parts.some((part) => isSame(part, entry)) !== true,
  );
  const [oldKeys, nowKeys] = [old, now].map((entries) => new Set(entries.map(identity)));
  const byName = Map.groupBy(old, nameKey);
  const others = now
    .filter((entry) => oldKeys?.has(identity(entry)) !== true)
    .map((entry) => ({ entry, before: byName.get(nameKey(entry)) ?? [] }));
  const changed = [...others, ...changedPlaces(before, after, new Set(others.map(({ entry }) => entry)))];
  return {
    added: changed.filter((change) => change.before.length === 0),
    updated: changed.filter((change) => change.before.length > 0),
    removed: old.filter((entry) => nowKeys?.has(identity(entry)) !== true).length,
    options: after.problems.filter((problem) => before?.problems.includes(problem) !== true),
    terms: changedTerms(before, after),
    unread: after.unread,
  };
}

const nameKey = ({ ecosystem, name }: LockedPackage) => JSON.stringify([ecosystem, name]);

/** All that decides what is installed, and whether it runs something then. */
const identity = (entry: LockedPackage) => {
  const { ecosystem, name, version, origin, resolved, standsFor, integrity, hasScript, programs } = entry;
  const hosts = new Set(entry.places.map((place) => hostOf(place) ?? place));
  return JSON.stringify([
    ecosystem,
    name,
    version,
    origin,
    resolved,
    ...[...hosts].toSorted(),
    standsFor,
    integrity,
    hasScript,
    Object.entries(programs).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
};

const isSame = (a: LockedPackage, b: LockedPackage) => identity(a) === identity(b);
