import { posix } from 'node:path';
import {
  LockFileError,
  type Ecosystem,
  type LockFileFormat,
  type LockedPackage,
  type ReadLockFile,
} from './lock-file.ts';
import { isRequirementsFile, isUnknownLockFile, readableName, scriptLockName } from './lock-file-kinds.ts';
import { createNotes, type Notes } from './notes.ts';
import { readNpmLock } from './npm.ts';
import { readPnpmLock } from './pnpm.ts';
import { readPoetryLock } from './poetry.ts';
import { readRequirements } from './requirements.ts';
import { readUvLock } from './uv.ts';
import { readYarnBerryLock } from './yarn-berry.ts';
import { readYarnClassicLock } from './yarn-classic.ts';

/**
 * Reads a lock file by its name.
 *
 * @param path relative to the project's folder
 * @param name instead of the one that it has: a file that a requirements file takes in may be called anything
 * @throws LockFileError
 */
export function readLockFile(
  path: string,
  text: string,
  name: string = readableName(path) ?? path.split('/').at(-1) ?? '',
): ReadLockFile {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // What is no UTF-8 has been decoded to U+FFFD.
  if (/[\0\uFFFD]/.test(plain)) throw new LockFileError('is no text in UTF-8');
  const format = formatOf(name, plain);
  const ecosystem: Ecosystem = ['poetry', 'uv', 'requirements'].includes(format) ? 'pip' : 'npm';
  const notes = createNotes();
  const packages = distinct(
    read(format, plain, { folder: posix.dirname(path), isScript: name.endsWith('.py.lock') }, notes),
  );
  return { path, format, ecosystem, packages, ...notes.all() };
}

function formatOf(name: string, text: string): LockFileFormat {
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return 'npm';
  if (name === 'pnpm-lock.yaml') return 'pnpm';
  if (name === 'yarn.lock') return /^__metadata:/m.test(text) ? 'yarn-berry' : 'yarn-classic';
  if (name === 'poetry.lock') return 'poetry';
  if (name === 'uv.lock' || name === scriptLockName) return 'uv';
  if (isRequirementsFile(name)) return 'requirements';
  if (isUnknownLockFile(name)) throw new LockFileError('is a lock file of a kind that is not read here');
  throw new LockFileError('is no lock file that is known here');
}

function read(
  format: LockFileFormat,
  text: string,
  { folder, isScript }: { folder: string; isScript: boolean },
  notes: Notes,
): LockedPackage[] {
  switch (format) {
    case 'npm':
      return readNpmLock(text, folder, notes);
    case 'pnpm':
      return readPnpmLock(text, folder, notes);
    case 'yarn-classic':
      return readYarnClassicLock(text, notes);
    case 'yarn-berry':
      return readYarnBerryLock(text, notes);
    case 'poetry':
      return readPoetryLock(text, notes);
    case 'uv':
      return readUvLock(text, folder, notes, isScript);
    case 'requirements':
      return readRequirements(text, notes);
  }
}

// The same version may be installed in many folders.
function distinct(packages: readonly LockedPackage[]): LockedPackage[] {
  const once = new Map<string, LockedPackage>();
  for (const entry of packages) {
    const { name, version, resolved, places, integrity, standsFor } = entry;
    const key = JSON.stringify([name, version, resolved, places, integrity, standsFor]);
    if (!once.has(key)) once.set(key, entry);
  }
  return [...once.values()];
}
