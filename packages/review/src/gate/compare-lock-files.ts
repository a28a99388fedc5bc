import type { LockedPackage, LockFile } from '../lock-files/lock-file.ts';

export interface ChangedPackage {
  entry: LockedPackage;
  /** The versions of this name before; empty for a name that is new. */
  before: readonly LockedPackage[];
}

export interface LockFileChange {
  /** Names that were not there before. */
  added: readonly ChangedPackage[];
  /** Another version, another content or another origin of a name that was there. */
  updated: readonly ChangedPackage[];
  /** How many entries are there no more. */
  removed: number;
}

/**
 * What is in one lock file and was not in the other. The same version with another digest, address or install script is a change.
 *
 * @param before undefined when there was none: everything is new
 */
export function compareLockFiles(before: LockFile | undefined, after: LockFile): LockFileChange {
  const old = (before?.packages ?? []).filter(isForeign);
  const now = after.packages.filter(isForeign);
  const [oldKeys, nowKeys] = [old, now].map((entries) => new Set(entries.map(identity)));
  const byName = Map.groupBy(old, nameKey);
  const changed = now
    .filter((entry) => oldKeys?.has(identity(entry)) !== true)
    .map((entry) => ({ entry, before: byName.get(nameKey(entry)) ?? [] }));
  return {
    added: changed.filter((change) => change.before.length === 0),
    updated: changed.filter((change) => change.before.length > 0),
    removed: old.filter((entry) => nowKeys?.has(identity(entry)) !== true).length,
  };
}

const isForeign = ({ origin }: LockedPackage) => origin !== 'project';

const nameKey = ({ ecosystem, name }: LockedPackage) => JSON.stringify([ecosystem, name]);

/** All that decides what is installed, and whether it runs something then. */
const identity = ({ ecosystem, name, version, origin, resolved, integrity, hasScript }: LockedPackage) =>
  JSON.stringify([ecosystem, name, version, origin, resolved, integrity, hasScript]);
