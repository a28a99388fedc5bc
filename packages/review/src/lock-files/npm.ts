import { matchesGlob, posix } from 'node:path';
import { isRow, listOf, parseJson, rowOf, textOf, type Row } from '../json.ts';
import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage } from './lock-file.ts';
import { createFields, type Fields, type Notes } from './notes.ts';
import { hiddenAliases, installedAt, installedName, isPartOfAnother, requestsOfNpm } from './npm-requests.ts';
import type { Request } from './requests.ts';
import { leavesProject, projectPath } from './paths.ts';

// Deeper ones are no longer told apart.
const longestPath = 4_096;

interface Reading {
  /** The folder of the lock file. */
  folder: string;
  notes: Notes;
  fields: Fields;
}

/** package-lock.json and npm-shrinkwrap.json of every version. @throws LockFileError */
export function readNpmLock(text: string, folder: string, notes: Notes): LockedPackage[] {
  const parsed = parseJson(text);
  if (!parsed.ok || !isRow(parsed.value)) throw new LockFileError('is not valid JSON');
  const lock = parsed.value;
  const { packages, dependencies, lockfileVersion } = lock;
  const isKnown = [1, 2, 3].some((version) => version === lockfileVersion);
  const reading = { folder, notes, fields: createFields(notes) };
  if (packages !== undefined && !isRow(packages))
    throw new LockFileError('has neither packages nor dependencies');
  if (packages === undefined && !isRow(dependencies) && (!isKnown || dependencies !== undefined))
    throw new LockFileError('has neither packages nor dependencies');
  if (!isKnown) notes.unread('is of a version that is not known here');
  const found = isRow(packages) ? ofPackages(packages, reading) : [];
  // Version 2 has both, and older npm installs the tree: what only that one names is installed too.
  const named = new Set(found.map(versionKey));
  const more = ofTree(reading.fields.row(lock, 'dependencies'), reading);
  if (!isRow(packages)) return more;
  return [...found, ...more.filter((entry) => entry.version !== null && !named.has(versionKey(entry)))];
}

const versionKey = ({ name, version }: LockedPackage) => JSON.stringify([name, version]);

// Versions 2 and 3: by the folder that it is installed in.
function ofPackages(packages: Row, reading: Reading): LockedPackage[] {
  const { notes, fields } = reading;
  const rows = fields.entries({ packages }, 'packages');
  const isPart = workspacesOf(rowOf(packages['']));
  const isHidden = hiddenAliases(packages);
  const missing = new Set<string>();
  const found = rows.flatMap(([path, entry]): LockedPackage[] => {
    const name = installedName(path);
    if (name === undefined) {
      for (const needed of neededBy(entry))
        if (installedAt(packages, path, needed) === undefined) missing.add(needed);
      return [];
    }
    if (fields.flag(entry, 'link') === true) return ofLink(name, entry, packages, isPart, reading);
    const ownName = fields.text(entry, 'name') ?? name;
    const isPartOf = fields.flag(entry, 'inBundle') === true && isPartOfAnother(packages, path);
    const read = toPackage(ownName, entry, isPartOf, reading);
    return [{ ...read, standsFor: isHidden(path, ownName, read.origin) ? name : null }];
  });
  notes.requests(() => requestsOfNpm(packages));
  if (missing.size > 0) notes.unread(`lacks ${missing.size} packages that the project needs`);
  return found;
}

const neededBy = (entry: Row) =>
  ['dependencies', 'devDependencies'].flatMap((kind) => Object.keys(rowOf(entry[kind])));

/** Whether a folder is a workspace by what the project says of itself. */
function workspacesOf(root: Row): (folder: string) => boolean {
  const written = root['workspaces'];
  const patterns = (isRow(written) ? listOf(written['packages']) : listOf(written))
    .map(textOf)
    .filter((pattern) => pattern !== null)
    .map((pattern) => posix.normalize(pattern).replace(/\/$/, ''));
  return (folder) => patterns.some((pattern) => matchesGlob(folder, pattern));
}

// A workspace is a part of the project; another folder is whatever stands there.
function ofLink(
  name: string,
  entry: Row,
  packages: Row,
  isPart: (folder: string) => boolean,
  { folder, notes, fields }: Reading,
): LockedPackage[] {
  const target = fields.text(entry, 'resolved');
  if (target === null) notes.odd('resolved');
  const linked = target === null ? undefined : packages[posix.normalize(target)];
  const found = lockedPackage({
    ecosystem: 'npm',
    name,
    origin: 'file',
    resolved: target,
    hasScript: isRow(linked) ? scriptOf(linked, fields) : null,
  });
  if (target === null || leavesProject(projectPath(folder, target)) || !isPart(posix.normalize(target)))
    return [found];
  notes.part({ ...found, origin: 'project' });
  return [];
}

// Version 1: a tree. With a list of what is left, since a hostile one may be deeper than the stack.
function ofTree(root: Row, reading: Reading): LockedPackage[] {
  const found: LockedPackage[] = [];
  const requests: Request[] = [];
  const left: Array<{ level: Row; path: string }> = [{ level: root, path: '' }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { level, path } = next;
    for (const [name, entry] of reading.fields.entries({ dependencies: level }, 'dependencies')) {
      const isPartOf = reading.fields.flag(entry, 'bundled') === true && path !== '';
      const read = toPackage(name, entry, isPartOf, reading);
      found.push(read);
      requests.push([['tree', path], { asked: name, name: read.name, version: read.version }]);
      const inner = reading.fields.row(entry, 'dependencies');
      if (Object.keys(inner).length > 0)
        left.push({ level: inner, path: path.length > longestPath ? path : `${path}/${name}` });
    }
  }
  reading.notes.requests(() => requests);
  return found;
}

function toPackage(name: string, entry: Row, bundled: boolean, { notes, fields }: Reading): LockedPackage {
  const written = fields.text(entry, 'version');
  const alias = /^npm:(.+)@([^@]+)$/.exec(written ?? '');
  // In version 1 the address stands in the place of the version.
  const isAddress = written !== null && originOf(written) !== 'registry';
  const resolved = fields.text(entry, 'resolved') ?? (isAddress ? written : null);
  const isTarball = resolved !== null && isRegistryTarball(resolved);
  const origin = resolved === null || isTarball ? 'registry' : originOf(resolved);
  // Neither an address nor a place.
  if (resolved !== null && resolved !== '' && !isTarball && origin === 'registry') notes.odd('resolved');
  if (written === null && origin === 'registry' && !bundled) notes.odd('version');
  return lockedPackage({
    ecosystem: 'npm',
    name: alias?.[1] ?? name,
    version: alias?.[2] ?? (isAddress ? null : written),
    origin,
    resolved,
    integrity: fields.text(entry, 'integrity'),
    hasScript: scriptOf(entry, fields),
    programs: programsOf(name, entry, fields),
    licence: licenceOf(entry['license'] ?? entry['licenses']),
    // What has an address of its own is fetched from there.
    bundled: bundled && resolved === null,
    limited:
      fields.flag(entry, 'optional') === true || entry['os'] !== undefined || entry['cpu'] !== undefined,
  });
}

/** The commands that a package brings, by name; one alone is called like the package. */
export function programsOf(name: string, entry: Row, fields: Fields): Readonly<Record<string, string>> {
  const written = entry['bin'];
  if (typeof written === 'string') return { [name.split('/').at(-1) ?? name]: written };
  const rows = Object.entries(fields.row(entry, 'bin'));
  return Object.fromEntries(rows.map(([program, path]) => [program, textOf(path) ?? '']));
}

// npm takes whatever counts as true for true. In version 1 nothing is said.
function scriptOf(entry: Row, fields: Fields): boolean | null {
  const written = entry['hasInstallScript'];
  if (written === undefined) return 'requires' in entry ? null : false;
  const said = fields.flag(entry, 'hasInstallScript');
  return said ?? Boolean(written);
}

/** A licence as package.json has it: an expression, or the forms of long ago. */
export function licenceOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (isRow(value)) return textOf(value['type']);
  const names = listOf(value).map((entry) => licenceOf(entry));
  return names.length === 0 || names.includes(null) ? null : `(${names.join(' OR ')})`;
}
