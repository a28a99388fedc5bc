import type { LockedPackage } from '../lock-files/lock-file.ts';
import { isRegistryTarball } from '../lock-files/registry-tarball.ts';
import { versionRules } from '../versions/compare.ts';
import { pypiName } from '../versions/pypi-name.ts';

/** Whether every address of a package has its own name and version, by the rules of the registries that serve them. */
export function namesItself({ ecosystem, resolved, places, name, version }: LockedPackage): boolean {
  const addresses = resolved === null ? places : [resolved, ...places];
  return ecosystem === 'npm'
    ? addresses.every((address) => !isRegistryTarball(address) || isTarballOf(address, name, version))
    : addresses.every((address) => isDistributionOf(address, name, version));
}

// `/@scope/name/-/name-1.2.3.tgz`, perhaps in a folder of the registry.
function isTarballOf(address: string, name: string, version: string | null): boolean {
  const path = decoded(new URL(address).pathname);
  const at = path.lastIndexOf('/-/');
  const [folder, file] = [path.slice(0, at), path.slice(at + '/-/'.length)];
  const base = name.split('/').at(-1) ?? name;
  // Somebody else's scope may have the same name in it.
  if (!folder.endsWith(`/${name}`) || /\/@[^/]+$/.test(folder.slice(0, -name.length - 1))) return false;
  if (!file.startsWith(`${base}-`)) return false;
  return (
    version === null ||
    file === `${base}-${version}.tgz` ||
    file === `${base}-${version.split('+', 1)[0]}.tgz`
  );
}

// `name-1.2.3-py3-none-any.whl`, `name-1.2.3.tar.gz`
function isDistributionOf(address: string, name: string, version: string | null): boolean {
  const [, stem, end] =
    /([^/]+)\.(whl|tar\.gz|zip|tar\.bz2|tgz)$/i.exec(decoded(address.replace(/[?#].*$/s, ''))) ?? [];
  if (stem === undefined || end === undefined) return true;
  const own = pypiName(name);
  const dashed = pypiName(stem);
  if (!dashed.startsWith(`${own}-`) || !/^v?\d/i.test(dashed.slice(own.length + 1))) return false;
  const rest = stem.slice(own.length + 1);
  const written = end.toLowerCase() === 'whl' ? rest.split('-', 1)[0] : rest;
  const { isValid, compare } = versionRules.pip;
  return (
    version === null ||
    written === undefined ||
    !isValid(version) ||
    !isValid(written) ||
    compare(version, written) === 0
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
