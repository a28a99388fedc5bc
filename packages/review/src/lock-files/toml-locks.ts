import { parse } from 'smol-toml';
import { isRow, listOf, rowOf, textOf, type Row } from '../json.ts';
import { LockFileError, lockedPackage, type LockedPackage, type Origin } from './lock-file.ts';

/** poetry.lock. @throws LockFileError */
export function readPoetryLock(text: string): LockedPackage[] {
  const lock = tomlOf(text);
  // Until version 1.1 the digests stood at the end.
  const filesBefore = rowOf(rowOf(lock['metadata'])['files']);
  return packagesOf(lock).map((entry) => {
    const name = textOf(entry['name']) ?? '';
    const source = rowOf(entry['source']);
    const type = textOf(source['type']);
    const files = listOf(entry['files'] ?? filesBefore[name]).filter(isRow);
    const commit = textOf(source['resolved_reference']) ?? textOf(source['reference']);
    return lockedPackage({
      ecosystem: 'pip',
      name,
      version: textOf(entry['version']),
      origin: poetryOrigins[type ?? ''] ?? 'registry',
      resolved: withCommit(textOf(source['url']), commit),
      integrity: digests(files),
      hasScript: onlySource(files.map((file) => textOf(file['file']))),
    });
  });
}

const poetryOrigins: Readonly<Record<string, Origin>> = {
  git: 'git',
  url: 'url',
  file: 'file',
  directory: 'file',
};

/** uv.lock. @throws LockFileError */
export function readUvLock(text: string): LockedPackage[] {
  return packagesOf(tomlOf(text)).flatMap((entry) => {
    const source = rowOf(entry['source']);
    if ('editable' in source || 'virtual' in source) return [];
    const files = [entry['sdist'], ...listOf(entry['wheels'])].filter(isRow);
    const kind = (['git', 'url', 'path', 'directory'] as const).find((name) => name in source);
    const times = files.map((file) => textOf(file['upload-time'])).filter((time) => time !== null);
    return [
      lockedPackage({
        ecosystem: 'pip',
        name: textOf(entry['name']) ?? '',
        version: textOf(entry['version']),
        origin: kind === undefined ? 'registry' : kind === 'path' || kind === 'directory' ? 'file' : kind,
        resolved: kind === undefined ? null : textOf(source[kind]),
        integrity: digests(files),
        hasScript: onlySource(files.map((file) => textOf(file['url']))),
        // A file may be added later: the youngest counts.
        published: times.toSorted().at(-1) ?? null,
      }),
    ];
  });
}

function tomlOf(text: string): Row {
  try {
    return parse(text);
  } catch {
    throw new LockFileError('is not valid TOML');
  }
}

const packagesOf = (lock: Row): Row[] =>
  listOf(lock['package'])
    .filter(isRow)
    .filter((entry) => textOf(entry['name']) !== null);

const withCommit = (address: string | null, commit: string | null) =>
  address === null || commit === null ? address : `${address}#${commit}`;

function digests(files: readonly Row[]): string | null {
  const found = files.map((file) => textOf(file['hash'])).filter((hash) => hash !== null);
  return found.length === 0 || found.length < files.length ? null : found.toSorted().join(' ');
}

// Without a wheel, installing runs the package's own setup.
function onlySource(names: ReadonlyArray<string | null>): boolean | null {
  if (names.length === 0) return null;
  return !names.some((name) => /\.whl(?:[?#]|$)/.test(name ?? ''));
}
