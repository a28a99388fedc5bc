import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { isRow, rowOf, type Row } from '../json.ts';
import { linkedFolders } from './importers-of-pnpm.ts';
import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage, type Origin } from './lock-file.ts';
import { splitKey, withoutPeers } from './pnpm-keys.ts';
import { hiddenAliasesOf, requestsOfPnpm } from './pnpm-requests.ts';
import { createFields, type Fields, type Notes } from './notes.ts';

/** pnpm-lock.yaml of the versions 5 to 9. @throws LockFileError */
export function readPnpmLock(text: string, folder: string, notes: Notes): LockedPackage[] {
  const documents = documentsOf(text);
  if (!documents.some((document) => 'lockfileVersion' in document)) {
    throw new LockFileError('has no lockfileVersion');
  }
  if (!text.endsWith('\n')) notes.unread('has no end of its last line: it may be cut off');
  const fields = createFields(notes);
  return documents.flatMap((document) => {
    const version = /^([5-9])(?:\.\d+)?$/.exec(String(document['lockfileVersion']))?.[1];
    if (version === undefined) notes.unread('is of a version that is not known here');
    const entries = fields.entries(document, 'packages');
    if (!('importers' in document) && entries.length === 0)
      notes.unread('has neither packages nor what the project needs');
    if (version === '9') noteMissingSnapshots(document, entries, notes);
    const isOptional = optionalOf(document, fields);
    const aliases = hiddenAliasesOf(document);
    notes.requests(() => requestsOfPnpm(document));
    return [
      ...entries.map(([key, entry]) => {
        const read = toPackage(key, entry, isOptional, fields, notes);
        const alias = read.origin === 'registry' ? aliases.get(withoutPeers(key)) : undefined;
        return alias === undefined ? read : { ...read, standsFor: alias };
      }),
      ...linkedFolders(document, folder, notes),
    ];
  });
}

// The first of two documents, where there are two, is of the tools of the project. By the parser that pnpm itself uses: others take half a minute
// for 50 000 packages.
function documentsOf(text: string): Row[] {
  let documents: unknown[];
  try {
    documents = loadAll(text, { schema: CORE_SCHEMA });
  } catch {
    throw new LockFileError('is not valid YAML');
  }
  if (!documents.every((document) => isRow(document) || document === null))
    throw new LockFileError('has a part that is no list of packages');
  return documents.filter(isRow);
}

// Since version 9 they stand behind the packages, one for each at least.
function noteMissingSnapshots(document: Row, entries: ReadonlyArray<[string, Row]>, notes: Notes): void {
  const snapshots = new Set(Object.keys(rowOf(document['snapshots'])).map(withoutPeers));
  if (entries.some(([key]) => !snapshots.has(withoutPeers(key))))
    notes.unread('does not say of all packages what they need: it may be cut off');
}

// In version 9 the snapshots say it, each for one set of peers.
function optionalOf(document: Row, fields: Fields): (key: string) => boolean {
  const required = new Set<string>();
  const optional = new Set<string>();
  for (const [key, entry] of Object.entries(fields.row(document, 'snapshots'))) {
    const isOptional = fields.flag(rowOf(entry), 'optional') === true;
    (isOptional ? optional : required).add(withoutPeers(key));
  }
  return (key) => optional.has(key) && !required.has(key);
}

function toPackage(
  key: string,
  entry: Row,
  isOptional: (key: string) => boolean,
  fields: Fields,
  notes: Notes,
): LockedPackage {
  const resolution = fields.row(entry, 'resolution');
  const { name, version, registry } = splitKey(key);
  const place = placeOf(resolution, fields, notes);
  const [ownName, ownVersion] = [fields.text(entry, 'name'), fields.text(entry, 'version')];
  const isNamed = place.origin === 'registry' && version !== null;
  // Releases of pnpm differ in which of the two they fetch.
  if (isNamed && ownVersion !== null && ownVersion !== version)
    notes.problem('has packages of which another version is fetched than it shows');
  return lockedPackage({
    ecosystem: 'npm',
    name: ownName ?? name,
    version: ownVersion ?? (place.origin === 'registry' ? version : null),
    standsFor: isNamed && ownName !== null && ownName !== name ? name : null,
    ...place,
    places:
      registry === null || place.origin !== 'registry'
        ? place.places
        : [...place.places, `https://${registry}/`],
    integrity: fields.text(resolution, 'integrity'),
    // Since version 9 the file does not say.
    limited:
      isOptional(key) ||
      fields.flag(entry, 'optional') === true ||
      entry['os'] !== undefined ||
      entry['cpu'] !== undefined ||
      entry['libc'] !== undefined,
    hasScript: fields.flag(entry, 'requiresBuild') === true ? true : null,
  });
}

type Place = Pick<LockedPackage, 'origin' | 'resolved' | 'places'>;

function placeOf(resolution: Row, fields: Fields, notes: Notes): Place {
  const of = (key: string) => fields.text(resolution, key);
  const [type, tarball, registry, repository] = [of('type'), of('tarball'), of('registry'), of('repo')];
  const places = registry === null ? [] : [registry];
  if (type === 'git' || repository !== null)
    return { origin: 'git', resolved: `${repository ?? ''}#${of('commit') ?? ''}`, places };
  if (type === 'directory') return { origin: 'file', resolved: of('directory'), places };
  if (type !== null && type !== 'tarball') {
    // Programs such as Node itself, for one system or several.
    if (type !== 'binary' && type !== 'variations') notes.odd('type');
    const [first = null, ...others] = addressesIn(resolution);
    return { origin: 'url', resolved: first, places: [...others, ...places] };
  }
  if (tarball === null) {
    if (of('integrity') === null) notes.odd('resolution');
    return { origin: 'registry', resolved: null, places };
  }
  // Until version 6 it may count from a registry.
  const isRelative =
    registry !== null && !/^[a-z][a-z\d+.-]*:/i.test(tarball) && URL.canParse(tarball, registry);
  const resolved = isRelative ? new URL(tarball, registry).href : tarball;
  return { origin: originOfTarball(resolved), resolved, places };
}

function originOfTarball(address: string): Origin {
  if (isRegistryTarball(address)) return 'registry';
  const origin = originOf(address);
  return origin === 'registry' ? 'url' : origin;
}

// One for each system; aliases of YAML may make it endless.
function addressesIn(value: unknown, depth = 0): string[] {
  if (depth > 6) return [];
  if (Array.isArray(value)) return value.flatMap((inner) => addressesIn(inner, depth + 1));
  if (!isRow(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'url' && typeof inner === 'string' ? [inner] : addressesIn(inner, depth + 1),
  );
}
