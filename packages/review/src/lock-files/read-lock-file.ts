import { posix } from 'node:path';
import {
  LockFileError,
  type Ecosystem,
  type LockFileFormat,
  type LockedPackage,
  type ReadLockFile,
} from './lock-file.ts';
import { createNotes, type Notes } from './notes.ts';
import { readNpmLock } from './npm.ts';
import { readPnpmLock } from './pnpm.ts';
import { readPoetryLock } from './poetry.ts';
import { readRequirements } from './requirements.ts';
import { readUvLock } from './uv.ts';
import { readYarnBerryLock } from './yarn-berry.ts';
import { readYarnClassicLock } from './yarn-classic.ts';

/** The names of files that are read as lock files. */
export const lockFileNames = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'poetry.lock',
  'uv.lock',
] as const;

/** Lock files of tools whose format nobody here reads; to pass them over would be to call them clean. */
const unknownLockFiles: Readonly<Record<string, Ecosystem>> = {
  'bun.lock': 'npm',
  'bun.lockb': 'npm',
  'deno.lock': 'npm',
  'Pipfile.lock': 'pip',
  'pdm.lock': 'pip',
  'pylock.toml': 'pip',
};

export const isRequirementsFile = (name: string): boolean =>
  /^(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.txt$/.test(name);

/** Whether a file of this name is one that says what is installed. */
export const isLockFile = (name: string): boolean =>
  lockFileNames.some((known) => known === name) || isRequirementsFile(name) || name in unknownLockFiles;

/** What a file of this name is about, by its name alone. */
export const ecosystemOf = (name: string): Ecosystem =>
  unknownLockFiles[name] ?? (/\.txt$|^(?:poetry|uv)\.lock$/.test(name) ? 'pip' : 'npm');

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
  name: string = path.split('/').at(-1) ?? '',
): ReadLockFile {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // What is no UTF-8 has been decoded to U+FFFD.
  if (/[\0\uFFFD]/.test(plain)) throw new LockFileError('is no text in UTF-8');
  const format = formatOf(name, plain);
  const ecosystem: Ecosystem = ['poetry', 'uv', 'requirements'].includes(format) ? 'pip' : 'npm';
  const notes = createNotes();
  const packages = distinct(read(format, plain, posix.dirname(path), notes));
  return { path, format, ecosystem, packages, ...notes.all() };
}

function formatOf(name: string, text: string): LockFileFormat {
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return 'npm';
  if (name === 'pnpm-lock.yaml') return 'pnpm';
  if (name === 'yarn.lock') return /^__metadata:/m.test(text) ? 'yarn-berry' : 'yarn-classic';
  if (name === 'poetry.lock') return 'poetry';
  if (name === 'uv.lock') return 'uv';
  if (isRequirementsFile(name)) return 'requirements';
  if (name in unknownLockFiles) throw new LockFileError('is a lock file of a kind that is not read here');
  throw new LockFileError('is no lock file that is known here');
}

function read(format: LockFileFormat, text: string, folder: string, notes: Notes): LockedPackage[] {
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
      return readUvLock(text, folder, notes);
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
