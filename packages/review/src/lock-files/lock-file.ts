export type Ecosystem = 'npm' | 'pip';

export const lockFileFormats = [
  'npm',
  'pnpm',
  'yarn-classic',
  'yarn-berry',
  'poetry',
  'uv',
  'requirements',
] as const;
export type LockFileFormat = (typeof lockFileFormats)[number];

/** Where a package comes from. `project`: a part of the project itself. */
export type Origin = 'registry' | 'git' | 'url' | 'file' | 'project';

/** A package as a lock file names it; null where the file does not say. */
export interface LockedPackage {
  ecosystem: Ecosystem;
  name: string;
  version: string | null;
  origin: Origin;
  /** An address of its origin, when there is one. */
  resolved: string | null;
  /** The digests of its content. */
  integrity: string | null;
  /** Whether installing it runs a program of it. */
  hasScript: boolean | null;
  licence: string | null;
  /** When it was published; ISO 8601. */
  published: string | null;
  /** Its content is part of another package, whose digest covers it. */
  bundled: boolean;
  /** It is optional, or for some systems only: it need not be installed here. */
  limited: boolean;
}

export interface LockFile {
  /** Relative to the project's folder. */
  path: string;
  format: LockFileFormat;
  ecosystem: Ecosystem;
  packages: readonly LockedPackage[];
  /** What it says that a person should know, such as lines that were not understood. */
  problems: readonly string[];
}

/** A lock file cannot be read as what it claims to be. The message is for people and holds nothing of the file. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';
}

/** A package with the values that most of them have. */
export const lockedPackage = (
  facts: Pick<LockedPackage, 'ecosystem' | 'name'> & Partial<LockedPackage>,
): LockedPackage => ({
  version: null,
  origin: 'registry',
  resolved: null,
  integrity: null,
  hasScript: null,
  licence: null,
  published: null,
  bundled: false,
  limited: false,
  ...facts,
});

/** What kind of place an address names; null for none. */
export function originOf(address: string | null): Origin {
  if (address === null) return 'registry';
  if (
    /^(?:git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)|\.git(?:#|$)|^https?:\/\/(?:github|gitlab)\.com\/[^/]+\/[^/]+\/?#/.test(
      address,
    )
  )
    return 'git';
  if (/^(?:file:|link:|portal:|\.{0,2}\/)/.test(address)) return 'file';
  return /^https?:/.test(address) ? 'url' : 'registry';
}
