import type { Row } from '../json.ts';
import { lockedPackage, originOf, type LockedPackage, type Origin } from './lock-file.ts';
import { createFields, type Fields, type Notes } from './notes.ts';
import { digestsOf, onlySource, packagesOf, tomlOf } from './toml-lock.ts';

const origins: Readonly<Record<string, Origin>> = {
  git: 'git',
  url: 'url',
  file: 'file',
  directory: 'file',
  legacy: 'registry',
  pypi: 'registry',
};

/** poetry.lock. @throws LockFileError */
export function readPoetryLock(text: string, notes: Notes): LockedPackage[] {
  const lock = tomlOf(text);
  const fields = createFields(notes);
  // It stands at the end.
  if (!('metadata' in lock)) notes.unread('has no [metadata]: it is empty or cut off');
  // Until version 1.1 the digests stood there.
  const filesBefore = fields.row(fields.row(lock, 'metadata'), 'files');
  return packagesOf(lock, fields, notes).map((entry) => {
    const name = fields.text(entry, 'name') ?? '';
    const files = 'files' in entry ? fields.rows(entry, 'files') : fields.rows(filesBefore, name);
    return lockedPackage({
      ecosystem: 'pip',
      name,
      version: fields.text(entry, 'version'),
      ...placeOf(fields.row(entry, 'source'), files, fields, notes),
      integrity: digestsOf(files, fields),
      hasScript: onlySource(files.map((file) => fields.text(file, 'file'))),
    });
  });
}

function placeOf(
  source: Row,
  files: readonly Row[],
  fields: Fields,
  notes: Notes,
): Pick<LockedPackage, 'origin' | 'resolved' | 'places'> {
  const [type, url] = [fields.text(source, 'type'), fields.text(source, 'url')];
  const known = origins[type ?? (url === null ? 'pypi' : '')];
  if (known === undefined) notes.odd('source');
  const commit = fields.text(source, 'resolved_reference') ?? fields.text(source, 'reference');
  const addresses = files.map((file) => fields.text(file, 'url')).filter((address) => address !== null);
  const origin = known ?? (originOf(url) === 'registry' ? 'url' : originOf(url));
  return {
    origin,
    resolved: url === null || commit === null ? url : `${url}#${commit}`,
    places: origin === 'registry' && url !== null ? [url, ...addresses] : addresses,
  };
}
