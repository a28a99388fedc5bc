import type { Observation } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { LockFile, LockedPackage } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { labelOf } from './packages-of.ts';

// When more lack one, it is the way in which the file is made, and one finding.
const fewMissing = 10;
const namedInList = 5;

/** Packages whose content no digest holds to what was once locked. */
export const integrity: Source<ProjectState> = {
  name: 'integrity',
  applies: ({ lockFiles }) => lockFiles.length > 0,
  review: ({ lockFiles }) => looked('integrity', lockFiles.flatMap(ofFile)),
};

function ofFile({ path, format, packages }: LockFile): Observation[] {
  // Yarn keeps no digest of what it never had to fetch.
  const missing = packages.filter(
    (entry) => lacksDigest(entry) && !(format === 'yarn-berry' && entry.limited),
  );
  if (missing.length > fewMissing || (missing.length > 1 && missing.length === packages.length)) {
    const names = missing.slice(0, namedInList).map(labelOf).join(', ');
    return [
      {
        kind: 'integrity',
        severity: 'medium',
        path,
        title: `${path}: ${missing.length} packages without a digest`,
        detail: `Whoever can change what a registry serves changes what is installed. Among them: ${names}`,
        about: [path, 'many'],
      },
    ];
  }
  return missing.map((entry) => ({
    kind: 'integrity',
    severity: 'medium',
    package: entry.name,
    version: entry.version,
    path,
    title: `${labelOf(entry)} has no digest`,
    detail: 'Whoever can change what the registry serves changes what is installed.',
    about: [path, entry.name, entry.version ?? ''],
  }));
}

// A commit names its content; a folder is there already.
const lacksDigest = ({ integrity: digest, bundled, origin }: LockedPackage) =>
  digest === null && !bundled && (origin === 'registry' || origin === 'url');
