import type { GivenPackages } from './requests.ts';

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
  /** Further addresses that its content comes from: an index, each file of a release. */
  places: readonly string[];
  /** The other name by which it is asked for, without saying that another package is meant. */
  standsFor: string | null;
  /** The digests of its content. */
  integrity: string | null;
  /** Whether installing it runs a program of it. */
  hasScript: boolean | null;
  /** The commands that it brings, with their files, where the lock file says. */
  programs: Readonly<Record<string, string>>;
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

/** A lock file with what a reader has learned beside its packages. */
export interface ReadLockFile extends LockFile {
  /** What was not understood, so that not everything in it was looked at. */
  unread: readonly string[];
  /** Parts of the project itself, which are among no packages. */
  parts: readonly LockedPackage[];
  /** Other files that it takes in, as it names them: relative to its own folder. */
  includes: readonly string[];
  /** Who is given which package. */
  given: () => GivenPackages;
  /** What decides about the packages beside names and versions: options (null), and by package its extras, markers and ranges. */
  terms: ReadonlyMap<string | null, readonly string[]>;
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
  places: [],
  standsFor: null,
  integrity: null,
  hasScript: null,
  programs: {},
  licence: null,
  published: null,
  bundled: false,
  limited: false,
  ...facts,
});

/** What kind of place an address names; null for none. What begins with a scheme that nobody knows is an address somewhere. */
export function originOf(address: string | null): Origin {
  if (address === null) return 'registry';
  const text = address.trim();
  if (/^npm:/i.test(text)) return 'registry';
  if (
    /^https:\/\/codeload\.github\.com\/|^(?:(?:git|hg|svn|bzr)[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)|\.git(?:[#@?]|$)|^https?:\/\/(?:www\.)?(?:github|gitlab)\.com\/[^/]+\/[^/]+\/?(?:#|$)/i.test(
      text,
    )
  )
    return 'git';
  if (/^(?:(?:file|link|portal|exec):|\.{0,2}[\\/]|\.{1,2}$|~|[A-Za-z]:[\\/])/i.test(text)) return 'file';
  if (/^[a-z][a-z\d+.-]*:/i.test(text)) return 'url';
  return /^[\w.-]+\/[\w.-]+(?:#|$)/.test(text) ? 'git' : 'registry';
}
