import { posix } from 'node:path';
import { isRow, listOf, parseJson, rowOf, textOf, type Row } from '../json.ts';
import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage } from './lock-file.ts';

/** package-lock.json and npm-shrinkwrap.json of every version. @throws LockFileError */
export function readNpmLock(text: string): LockedPackage[] {
  const parsed = parseJson(text);
  if (!parsed.ok || !isRow(parsed.value)) throw new LockFileError('is not valid JSON');
  const { packages, dependencies, lockfileVersion } = parsed.value;
  if (isRow(packages)) {
    const found = Object.entries(packages).flatMap(([path, entry]) => ofPath(path, rowOf(entry)));
    // Version 2 has both, and older npm installs the tree: what only that one names is installed too.
    const named = new Set(found.map(versionKey));
    const more = isRow(dependencies) ? ofTree(dependencies) : [];
    return [...found, ...more.filter((entry) => entry.version !== null && !named.has(versionKey(entry)))];
  }
  if (packages !== undefined) throw new LockFileError('has neither packages nor dependencies');
  if (isRow(dependencies)) return ofTree(dependencies);
  if (typeof lockfileVersion === 'number') return [];
  throw new LockFileError('has neither packages nor dependencies');
}

// Versions 2 and 3: by the folder that it is installed in.
function ofPath(path: string, entry: Row): LockedPackage[] {
  const at = path.lastIndexOf('node_modules/');
  const folder = at < 0 ? null : path.slice(at + 'node_modules/'.length);
  if (folder === null) return [];
  if (entry['link'] === true) return ofLink(folder, textOf(entry['resolved']));
  return [toPackage(textOf(entry['name']) ?? folder, entry, entry['inBundle'] === true)];
}

// A folder of the project is a part of it; one elsewhere is whatever somebody puts there.
function ofLink(name: string, target: string | null): LockedPackage[] {
  if (target === null || !/^(?:file:)?(?:\.\.(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(posix.normalize(target)))
    return [];
  return [lockedPackage({ ecosystem: 'npm', name, origin: 'file', resolved: target, hasScript: false })];
}

const versionKey = ({ name, version }: LockedPackage) => JSON.stringify([name, version]);

// Version 1: a tree. With a list of what is left, since a hostile one may be deeper than the stack.
function ofTree(root: Row): LockedPackage[] {
  const found: LockedPackage[] = [];
  const left: Row[] = [root];
  for (let level = left.pop(); level !== undefined; level = left.pop()) {
    for (const [name, value] of Object.entries(level)) {
      const entry = rowOf(value);
      found.push(toPackage(name, entry, entry['bundled'] === true));
      if (isRow(entry['dependencies'])) left.push(entry['dependencies']);
    }
  }
  return found;
}

function toPackage(name: string, entry: Row, bundled: boolean): LockedPackage {
  const written = textOf(entry['version']);
  const alias = /^npm:(.+)@([^@]+)$/.exec(written ?? '');
  // In version 1 the address stands in the place of the version.
  const isAddress = written !== null && originOf(written) !== 'registry';
  const resolved = textOf(entry['resolved']) ?? (isAddress ? written : null);
  const origin = resolved === null || isRegistryTarball(resolved) ? 'registry' : originOf(resolved);
  return lockedPackage({
    ecosystem: 'npm',
    name: alias?.[1] ?? name,
    version: alias?.[2] ?? (isAddress ? null : written),
    origin,
    resolved,
    integrity: textOf(entry['integrity']),
    hasScript:
      'hasInstallScript' in entry ? entry['hasInstallScript'] === true : 'requires' in entry ? null : false,
    licence: licenceOf(entry['license'] ?? entry['licenses']),
    bundled,
    limited: entry['optional'] === true || entry['os'] !== undefined || entry['cpu'] !== undefined,
  });
}

/** A licence as package.json has it: an expression, or the forms of long ago. */
export function licenceOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (isRow(value)) return textOf(value['type']);
  const names = listOf(value).map((entry) => licenceOf(entry));
  return names.length === 0 || names.includes(null) ? null : `(${names.join(' OR ')})`;
}
