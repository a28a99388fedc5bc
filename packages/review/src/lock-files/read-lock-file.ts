import {
  LockFileError,
  type Ecosystem,
  type LockFile,
  type LockFileFormat,
  type LockedPackage,
} from './lock-file.ts';
import { readNpmLock } from './npm.ts';
import { readPnpmLock } from './pnpm.ts';
import { readPoetryLock, readUvLock } from './toml-locks.ts';
import { readRequirements } from './requirements.ts';
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

export const isRequirementsFile = (name: string): boolean =>
  /^requirements(?:[-_.][\w.-]+)?\.txt$/.test(name);

/**
 * Reads a lock file by its name.
 *
 * @param path relative to the project's folder
 * @throws LockFileError
 */
export function readLockFile(path: string, text: string): LockFile {
  const format = formatOf(path.split('/').at(-1) ?? '', text);
  const ecosystem: Ecosystem = ['poetry', 'uv', 'requirements'].includes(format) ? 'pip' : 'npm';
  const problems: string[] = [];
  return { path, format, ecosystem, packages: distinct(read(format, text, problems)), problems };
}

function formatOf(name: string, text: string): LockFileFormat {
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return 'npm';
  if (name === 'pnpm-lock.yaml') return 'pnpm';
  if (name === 'yarn.lock') return /^__metadata:/m.test(text) ? 'yarn-berry' : 'yarn-classic';
  if (name === 'poetry.lock') return 'poetry';
  if (name === 'uv.lock') return 'uv';
  if (isRequirementsFile(name)) return 'requirements';
  throw new LockFileError('is no lock file that is known here');
}

function read(format: LockFileFormat, text: string, problems: string[]): LockedPackage[] {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  switch (format) {
    case 'npm':
      return readNpmLock(plain);
    case 'pnpm':
      return readPnpmLock(plain);
    case 'yarn-classic':
      return readYarnClassicLock(plain);
    case 'yarn-berry':
      return readYarnBerryLock(plain);
    case 'poetry':
      return readPoetryLock(plain);
    case 'uv':
      return readUvLock(plain);
    case 'requirements': {
      const found = readRequirements(plain);
      problems.push(...found.problems);
      return found.packages;
    }
  }
}

// The same version may be installed in many folders.
function distinct(packages: readonly LockedPackage[]): LockedPackage[] {
  const once = new Map<string, LockedPackage>();
  for (const entry of packages) {
    const key = JSON.stringify([entry.name, entry.version, entry.resolved, entry.integrity]);
    if (!once.has(key)) once.set(key, entry);
  }
  return [...once.values()];
}
