import { parse } from 'smol-toml';
import { textOf, type Row } from '../json.ts';
import { LockFileError } from './lock-file.ts';
import type { Fields, Notes } from './notes.ts';

/** @throws LockFileError */
export function tomlOf(text: string): Row {
  try {
    return parse(text);
  } catch {
    throw new LockFileError('is not valid TOML');
  }
}

/** The entries `package` that have a name. */
export const packagesOf = (lock: Row, fields: Fields, notes: Notes): Row[] =>
  fields.rows(lock, 'package').filter((entry) => {
    const named = textOf(entry['name']) !== null && entry['name'] !== '';
    if (!named) notes.odd('name');
    return named;
  });

/** The digests of all files; null when one has none. */
export function digestsOf(files: readonly Row[], fields: Fields): string | null {
  const found = files.map((file) => fields.text(file, 'hash')).filter((hash) => hash !== null);
  return found.length === 0 || found.length < files.length ? null : found.toSorted().join(' ');
}

/** Without a wheel, installing runs the package's own setup. */
export function onlySource(names: ReadonlyArray<string | null>): boolean | null {
  if (names.length === 0) return null;
  return !names.some((name) => /\.whl(?:[?#]|$)/i.test(name ?? ''));
}
