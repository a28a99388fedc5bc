import { labelOf } from '../dependencies/packages-of.ts';
import type { Observation } from '../findings/finding.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import type { ChangedPackage } from './changed-package.ts';

/**
 * Packages that are fetched from another place than all of that name were before. A review sees each place by itself; here the one
 * before is known. Moved commits are found by another source.
 */
export function originChanges(updated: readonly ChangedPackage[], path: string): Observation[] {
  return updated.flatMap(({ entry, before }): Observation[] => {
    const moved = movedTo(entry, before);
    if (moved === undefined) return [];
    const places = [...new Set(before.map(placeOf))].join(', ');
    return [
      {
        kind: 'source',
        severity: 'high',
        package: entry.name,
        version: entry.version,
        path,
        title: `${labelOf(entry)} is fetched from ${moved}, and was from ${places}`,
        about: [entry.name, 'place', entry.resolved ?? moved],
      },
    ];
  });
}

function movedTo(entry: LockedPackage, before: readonly LockedPackage[]): string | undefined {
  const place = placeOf(entry);
  // Some lock files have addresses for some packages only: what says nothing has not moved.
  if (place === unnamed || before.some((one) => placeOf(one) === unnamed && one.origin === entry.origin))
    return undefined;
  return before.some((one) => placeOf(one) === place) ? undefined : place;
}

const unnamed = 'a registry';

function placeOf({ origin, resolved, places }: LockedPackage): string {
  if (origin === 'git') return `git (${addressOf(resolved, false)})`;
  if (origin === 'project') return `a folder of the project (${addressOf(resolved, true)})`;
  if (origin !== 'registry') return addressOf(resolved, true);
  const hosts = new Set(places.map((place) => addressOf(place, false)));
  if (hosts.size > 0) return [...hosts].toSorted().join(' and ');
  return resolved === null ? unnamed : addressOf(resolved, false);
}

/** An address without what changes from version to version: a host, or, where that says too little, the whole. */
function addressOf(address: string | null, whole: boolean): string {
  if (address === null) return 'an address that is not named';
  if (whole) return address.replace(/#.*$/, '');
  const plain = address.replace(/^git\+/, '');
  const host = URL.canParse(plain) ? new URL(plain).host : undefined;
  // Yarn's name for the registry of npm.
  if (host === 'registry.yarnpkg.com') return 'registry.npmjs.org';
  return host ?? plain.replace(/[#?].*$/, '');
}
