import { CORE_SCHEMA, load } from 'js-yaml';
import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { LockFileError, lockedPackage, type LockedPackage, type Origin } from './lock-file.ts';

/** yarn.lock of Yarn 2 and later. @throws LockFileError */
export function readYarnBerryLock(text: string): LockedPackage[] {
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA });
  } catch {
    throw new LockFileError('is not valid YAML');
  }
  if (!isRow(value)) throw new LockFileError('has no __metadata');
  return Object.entries(value).flatMap(([key, entry]) =>
    key === '__metadata' ? [] : toPackage(rowOf(entry)),
  );
}

const protocols: ReadonlyArray<[start: RegExp, origin: Origin]> = [
  [/^npm:/, 'registry'],
  [/^workspace:/, 'project'],
  [/^(?:file|link|portal):/, 'file'],
  [/^(?:git|ssh)|\.git#|#commit=/, 'git'],
  [/^https?:/, 'url'],
];

function toPackage(entry: Row): LockedPackage[] {
  const resolution = textOf(entry['resolution']) ?? '';
  const [, name, reference = ''] = /^(@?[^@]+)@(.*)$/s.exec(resolution) ?? [];
  // A patch is of the project itself; what it patches has an entry of its own.
  if (name === undefined || reference.startsWith('patch:')) return [];
  const origin = protocols.find(([start]) => start.test(reference))?.[1] ?? 'registry';
  if (origin === 'project') return [];
  return [
    lockedPackage({
      ecosystem: 'npm',
      name,
      version: plain(entry['version']),
      origin,
      resolved: origin === 'registry' ? null : reference,
      limited: entry['conditions'] !== undefined,
      integrity: plain(entry['checksum']),
    }),
  ];
}

// What has only digits is read as a number.
const plain = (value: unknown) => (typeof value === 'number' ? String(value) : textOf(value));
