import type { Observation } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { LockFile, LockedPackage } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { worthOf, type DigestWorth } from './digests.ts';
import { labelOf } from './packages-of.ts';

// When more have it, it is the way in which the file is made, and one finding.
const few = 10;
const namedInList = 5;

interface Fault {
  severity: 'medium' | 'low';
  /** Of one package, and of many. */
  one: string;
  many: string;
  detail: string;
  /** Tells findings of one package apart; the first fault had none. */
  about: readonly string[];
}

const faults: Readonly<Record<Exclude<DigestWorth, 'good'>, Fault>> = {
  none: {
    severity: 'medium',
    one: 'has no digest',
    many: 'packages without a digest',
    detail: 'Whoever can change what the registry serves changes what is installed.',
    about: [],
  },
  broken: {
    severity: 'medium',
    one: 'has a digest that cannot be one',
    many: 'packages with a digest that cannot be one',
    detail:
      'A digest of another length than its algorithm makes fits no content: a package manager may leave it out.',
    about: ['broken'],
  },
  weak: {
    severity: 'low',
    one: 'has only a digest that can be forged',
    many: 'packages with only a digest that can be forged',
    detail: 'Another content with the same SHA-1 or MD5 can be made: have the lock file written again.',
    about: ['weak'],
  },
  several: {
    severity: 'medium',
    one: 'has several digests, of which any is accepted',
    many: 'packages with several digests, of which any is accepted',
    detail: 'A package has one content. Somebody may have added the digest of another.',
    about: ['several'],
  },
};

/** Packages whose content no good digest holds to what was once locked. */
export const integrity: Source<ProjectState> = {
  name: 'integrity',
  applies: ({ lockFiles }) => lockFiles.length > 0,
  review: ({ lockFiles }) =>
    looked(
      'integrity',
      lockFiles.flatMap((file) =>
        (['none', 'broken', 'weak', 'several'] as const).flatMap((worth) =>
          ofFile(file, worth, faults[worth]),
        ),
      ),
    ),
};

function ofFile({ path, format, packages }: LockFile, worth: DigestWorth, fault: Fault): Observation[] {
  const found = packages.filter(
    // Yarn keeps no digest of what it never had to fetch.
    (entry) => isFetched(entry) && worthOf(entry) === worth && !(format === 'yarn-berry' && entry.limited),
  );
  if (found.length > few || (found.length > 1 && found.length === packages.length)) {
    const names = found.slice(0, namedInList).map(labelOf).join(', ');
    return [
      {
        kind: 'integrity',
        severity: fault.severity,
        path,
        title: `${path}: ${found.length} ${fault.many}`,
        detail: `${fault.detail} Among them: ${names}`,
        about: [path, 'many', ...fault.about],
      },
    ];
  }
  return found.map((entry) => ({
    kind: 'integrity',
    severity: fault.severity,
    package: entry.name,
    version: entry.version,
    path,
    title: `${labelOf(entry)} ${fault.one}`,
    detail: fault.detail,
    about: [path, entry.name, entry.version ?? '', ...fault.about],
  }));
}

// A commit names its content; a folder is there already.
const isFetched = ({ bundled, origin }: LockedPackage) =>
  !bundled && (origin === 'registry' || origin === 'url');
