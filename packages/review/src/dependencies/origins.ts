import type { Observation, Severity } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { LockedPackage, LockFile } from '../lock-files/lock-file.ts';
import { isRegistryTarball } from '../lock-files/registry-tarball.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { labelOf } from './packages-of.ts';

/** Packages that come from elsewhere than a registry, or from another place than their name says. */
export const origins: Source<ProjectState> = {
  name: 'origins',
  applies: ({ lockFiles }) => lockFiles.length > 0,
  review: ({ lockFiles }) => looked('origins', lockFiles.flatMap(ofFile)),
};

function ofFile(file: LockFile): Observation[] {
  const usual = usualHost(file.packages);
  return file.packages.flatMap((entry) => {
    const problem = problemOf(entry, usual);
    if (problem === undefined) return [];
    const [severity, title] = problem;
    return [
      {
        kind: 'source' as const,
        severity,
        package: entry.name,
        version: entry.version,
        path: file.path,
        title: `${labelOf(entry)} ${title}`,
        detail: entry.resolved === null ? '' : `It is fetched from ${entry.resolved}`,
        about: [entry.name, title, entry.resolved ?? ''],
      },
    ];
  });
}

function problemOf(
  { origin, resolved, name, version }: LockedPackage,
  usual: string | undefined,
): [Severity, string] | undefined {
  if (resolved?.startsWith('http://')) return ['high', 'is fetched without encryption'];
  if (origin === 'git') {
    return /(?:[#@=]|\/tar\.gz\/)[\da-f]{40}\b/i.test(resolved ?? '')
      ? ['low', 'comes from a git repository']
      : ['high', 'comes from a git repository, from whatever a name there points to'];
  }
  if (origin === 'url') return ['medium', 'comes from an address outside of any registry'];
  if (origin === 'file') return ['low', 'comes from a folder or a file'];
  if (origin !== 'registry' || resolved === null || !isRegistryTarball(resolved)) return undefined;
  const host = hostOf(resolved);
  if (usual !== undefined && host !== usual && !publicHosts.has(host ?? '')) {
    return ['high', `comes from another registry (${host}) than the other packages`];
  }
  if (!namesItself(resolved, name, version))
    return ['high', 'is fetched as another package or version than it is called'];
  return undefined;
}

const publicHosts = new Set(['registry.npmjs.org', 'registry.yarnpkg.com']);

const hostOf = (address: string) => (URL.canParse(address) ? new URL(address).host : undefined);

// The registry of most packages, when there are enough to say so.
function usualHost(packages: readonly LockedPackage[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { resolved } of packages) {
    const host = resolved === null || !isRegistryTarball(resolved) ? undefined : hostOf(resolved);
    if (host !== undefined) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  return first !== undefined && total >= 3 && first[1] > total / 2 ? first[0] : undefined;
}

// `/@scope/name/-/name-1.2.3.tgz`
function namesItself(address: string, name: string, version: string | null): boolean {
  const path = decoded(new URL(address).pathname);
  const base = name.split('/').at(-1) ?? name;
  const file = path.split('/-/').at(-1)?.split('/').at(-1) ?? '';
  if (!file.startsWith(`${base}-`)) return false;
  return (
    version === null ||
    file === `${base}-${version}.tgz` ||
    file === `${base}-${version.split('+', 1)[0]}.tgz`
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
