import type { LockedPackage } from '../lock-files/lock-file.ts';

/** A package that is new, or another one than before. */
export interface ChangedPackage {
  entry: LockedPackage;
  /** The versions of this name before; empty for a name that is new. */
  before: readonly LockedPackage[];
}
