import { listOf, rowOf, textOf, type Row } from '../json.ts';
import { lockedPackage, originOf, type LockedPackage } from './lock-file.ts';
import { createFields, type Fields, type Notes } from './notes.ts';
import { leavesProject, projectPath } from './paths.ts';
import type { Request } from './requests.ts';
import { digestsOf, onlySource, packagesOf, tomlOf } from './toml-lock.ts';

const kinds = ['registry', 'git', 'url', 'path', 'directory', 'editable', 'virtual'] as const;
type Kind = (typeof kinds)[number];

/**
 * uv.lock.
 *
 * @param isScript it belongs to a script, which is no package itself
 * @throws LockFileError
 */
export function readUvLock(text: string, folder: string, notes: Notes, isScript = false): LockedPackage[] {
  const lock = tomlOf(text);
  const fields = createFields(notes);
  if (typeof lock['version'] !== 'number') notes.odd('version');
  const entries = packagesOf(lock, fields, notes);
  noteMissing(entries, notes);
  notes.requests(() => requestsOf(entries));
  const members = new Set(listOf(fields.row(lock, 'manifest')['members']).map(textOf));
  let parts = 0;
  const packages = entries.flatMap((entry) => {
    const found = toPackage(entry, fields, notes);
    const path = found.origin === 'file' ? projectPath(folder, found.resolved ?? '') : '..';
    // The project itself, and the members of its workspace.
    if (leavesProject(path) || (path !== projectPath(folder, '.') && !members.has(found.name)))
      return [found];
    notes.part({ ...found, origin: 'project' });
    parts += 1;
    return [];
  });
  if (isScript)
    noteMissing([...entries, { dependencies: fields.row(lock, 'manifest')['requirements'] }], notes);
  else if (parts === 0) notes.unread('does not have the project itself: it is empty or cut off');
  return packages;
}

const groups = ['optional-dependencies', 'dev-dependencies'];

// The version stands there where there are several, each for a marker.
function* requestsOf(entries: readonly Row[]): Generator<Request> {
  const versions = new Map(entries.map((entry) => [entry['name'], textOf(entry['version'])]));
  for (const entry of entries) {
    const lists = [entry['dependencies'], ...groups.flatMap((group) => Object.values(rowOf(entry[group])))];
    for (const needed of lists.flatMap(listOf).map(rowOf)) {
      const name = textOf(needed['name']);
      if (name === null) continue;
      const version = textOf(needed['version']) ?? versions.get(name) ?? null;
      yield [[String(entry['name']), textOf(needed['marker']) ?? ''], { asked: name, name, version }];
    }
  }
}

// uv locks whatever a package names.
function noteMissing(entries: readonly Row[], notes: Notes): void {
  const names = new Set(entries.map((entry) => entry['name']));
  const needed = entries.flatMap((entry) => listOf(entry['dependencies']));
  const missing = needed.filter((one) => {
    const name = one !== null && typeof one === 'object' && 'name' in one ? one.name : undefined;
    return !names.has(name);
  });
  if (missing.length > 0)
    notes.unread(`lacks ${missing.length} packages that others need: it may be cut off`);
}

function toPackage(entry: Row, fields: Fields, notes: Notes): LockedPackage {
  const source = fields.row(entry, 'source');
  const found = kinds.filter((one) => one in source);
  const [kind] = found;
  if (found.length !== 1) notes.odd('source');
  const address = kind === undefined ? null : fields.text(source, kind);
  const sdist = fields.row(entry, 'sdist');
  const files = [...('sdist' in entry ? [sdist] : []), ...fields.rows(entry, 'wheels')];
  const times = files.map((file) => fields.text(file, 'upload-time')).filter((time) => time !== null);
  const names = files.map((file) => addressOf(file, fields));
  return lockedPackage({
    ecosystem: 'pip',
    name: fields.text(entry, 'name') ?? '',
    version: fields.text(entry, 'version'),
    ...placeOf(kind, address, names),
    integrity: digestsOf(files, fields),
    hasScript: onlySource(names),
    // A file may be added later: the youngest counts.
    published: times.toSorted().at(-1) ?? null,
  });
}

const addressOf = (file: Row, fields: Fields) =>
  fields.text(file, 'url') ?? fields.text(file, 'path') ?? fields.text(file, 'filename');

function placeOf(
  kind: Kind | undefined,
  address: string | null,
  files: ReadonlyArray<string | null>,
): Pick<LockedPackage, 'origin' | 'resolved' | 'places'> {
  const places = [...new Set(files)].filter((file) => file !== null && /[/:]/.test(file)) as string[];
  switch (kind) {
    case 'git':
    case 'url':
      return { origin: kind, resolved: address, places: places.filter((file) => file !== address) };
    case 'path':
    case 'directory':
    case 'editable':
    case 'virtual':
      return { origin: 'file', resolved: address, places };
    case 'registry':
      // A folder may be an index.
      return originOf(address) === 'url'
        ? { origin: 'registry', resolved: null, places: address === null ? places : [address, ...places] }
        : { origin: 'file', resolved: address, places };
    case undefined:
      return {
        origin: places.length === 0 ? 'registry' : 'url',
        resolved: places[0] ?? null,
        places: places.slice(1),
      };
  }
}
