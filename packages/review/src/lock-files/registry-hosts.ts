import type { LockedPackage } from './lock-file.ts';
import { isRegistryTarball } from './registry-tarball.ts';

const publicHosts = new Set([
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'pypi.org',
  'files.pythonhosted.org',
]);
// So many say which registry is the usual one.
const enough = 3;

export const hostOf = (address: string): string | undefined =>
  URL.canParse(address) && /^https?:/i.test(address) ? new URL(address).host : undefined;

/** The registry that a package is asked from: the first host that is named. */
export function registryHost({ origin, resolved, places }: LockedPackage): string | undefined {
  if (origin !== 'registry') return undefined;
  const [index] = places;
  if (index !== undefined) return hostOf(index);
  return resolved !== null && isRegistryTarball(resolved) ? hostOf(resolved) : undefined;
}

export interface Registries {
  /** The registry of most packages, when there are enough to say so. */
  usual: string | undefined;
  /** Whether packages may come from there. */
  allows(host: string): boolean;
}

/**
 * The registries of a lock file: the public ones and, unless others are named, the one that most of its packages come from.
 *
 * @param named the hosts of `rules.registries`
 */
export function registriesOf(packages: readonly LockedPackage[], named: readonly string[]): Registries {
  const counts = new Map<string, number>();
  for (const entry of packages) {
    const host = registryHost(entry);
    if (host !== undefined) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  const usual = first !== undefined && total >= enough && first[1] > total / 2 ? first[0] : undefined;
  return {
    usual,
    allows: (host) => publicHosts.has(host) || (named.length > 0 ? named.includes(host) : host === usual),
  };
}
