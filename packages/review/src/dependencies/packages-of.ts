import type { LockedPackage, LockFile } from '../lock-files/lock-file.ts';
import type { ProjectState } from '../project-state.ts';

/** Every package of every lock file, with the file that names it. */
export const packagesOf = ({
  lockFiles,
}: Pick<ProjectState, 'lockFiles'>): Array<{ entry: LockedPackage; file: LockFile }> =>
  lockFiles.flatMap((file) => file.packages.map((entry) => ({ entry, file })));

/** `name 1.2.3`, or the name alone. */
export const labelOf = ({ name, version }: Pick<LockedPackage, 'name' | 'version'>): string =>
  version === null ? name : `${name} ${version}`;
