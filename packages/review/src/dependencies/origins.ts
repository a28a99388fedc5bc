import { posix } from 'node:path';
import type { Observation, Severity } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { LockedPackage, LockFile } from '../lock-files/lock-file.ts';
import { leavesProject, projectPath } from '../lock-files/paths.ts';
import { hostOf, registriesOf, registryHost, type Registries } from '../lock-files/registry-hosts.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { namesItself } from './names-itself.ts';
import { labelOf } from './packages-of.ts';
import { takenPrograms } from './programs.ts';

/** Packages that come from elsewhere than a registry, or from another place than their name says. */
export const origins: Source<ProjectState> = {
  name: 'origins',
  applies: ({ lockFiles }) => lockFiles.length > 0,
  review: ({ lockFiles, rules }) =>
    looked(
      'origins',
      lockFiles.flatMap((file) => ofFile(file, rules.registries)),
    ),
};

function ofFile(file: LockFile, named: readonly string[]): Observation[] {
  const registries = registriesOf(file.packages, named);
  return file.packages.flatMap((entry) => {
    const problem = problemOf(entry, registries, posix.dirname(file.path));
    const address = entry.resolved ?? entry.places[0] ?? null;
    const problems: Array<[Severity, string]> = [
      ...(problem === undefined ? [] : [problem]),
      ...takenPrograms(entry).map((program): [Severity, string] => [
        'high',
        `brings a command that is called like another program (${program})`,
      ]),
    ];
    return problems.map(([severity, title]) => ({
      kind: 'source' as const,
      severity,
      package: entry.name,
      version: entry.version,
      path: file.path,
      title: `${labelOf(entry)} ${title}`,
      detail: address === null ? '' : `It is fetched from ${address}`,
      about: [entry.name, title, entry.resolved ?? ''],
    }));
  });
}

function problemOf(
  entry: LockedPackage,
  registries: Registries,
  folder: string,
): [Severity, string] | undefined {
  const { origin, resolved, places, standsFor } = entry;
  if ([resolved, ...places].some((address) => /^\s*(?:git\+)?http:/i.test(address ?? '')))
    return ['high', 'is fetched without encryption'];
  if (standsFor !== null) return ['high', `is what is installed when ${standsFor} is asked for`];
  if (origin === 'git') return ofRepository(resolved ?? '');
  if (origin === 'url') return ['medium', 'comes from an address outside of any registry'];
  if (origin === 'file') {
    return leavesProject(projectPath(folder, resolved ?? ''))
      ? ['low', 'comes from a folder or a file outside of the project']
      : ['low', 'comes from a folder or a file'];
  }
  if (origin !== 'registry') return undefined;
  const foreign = foreignHost(entry, registries);
  if (foreign !== undefined) return ['high', foreign];
  if (!namesItself(entry)) return ['high', 'is fetched as another package or version than it is called'];
  return undefined;
}

function ofRepository(address: string): [Severity, string] {
  const kind = /^(hg|svn|bzr)\+/i.exec(address)?.[1]?.toLowerCase();
  const what = `comes from a ${kind ?? 'git'} repository`;
  return /(?:[#@=]|\/tar\.gz\/)[\da-f]{40}\b/i.test(address)
    ? ['low', what]
    : ['high', `${what}, from whatever a name there points to`];
}

// An index serves the files of its packages itself, or those of PyPI.
function foreignHost(entry: LockedPackage, { usual, allows }: Registries): string | undefined {
  const registry = registryHost(entry);
  if (registry !== undefined && !allows(registry)) {
    return usual === undefined
      ? `comes from another registry (${registry}) than the public ones`
      : `comes from another registry (${registry}) than the other packages`;
  }
  const addresses = entry.resolved === null ? entry.places : [entry.resolved, ...entry.places];
  const host = addresses
    .map((address) => hostOf(address) ?? (/^[a-z][a-z\d+.-]*:/i.test(address) ? address : registry))
    .find((one) => one !== undefined && one !== registry && !allows(one));
  return host === undefined ? undefined : `has files at a host (${host}) that is not that of its registry`;
}
