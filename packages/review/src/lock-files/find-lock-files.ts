import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { LockFileError, type Ecosystem, type LockFile } from './lock-file.ts';
import { isRequirementsFile, lockFileNames, readLockFile } from './read-lock-file.ts';

export interface FoundLockFiles {
  lockFiles: LockFile[];
  observations: Observation[];
  /** Why not all could be read. */
  reasons: string[];
}

// A lock file of 50 000 packages has some 20 MiB.
const maxBytes = 64 * 1024 * 1024;
const maxDepth = 6;
const maxFolders = 5_000;
const skipped = new Set([
  'node_modules',
  'vendor',
  'dist',
  'build',
  'target',
  'site-packages',
  '__pycache__',
  'fixtures',
  'testdata',
]);

/** Finds and reads the lock files of a project, also in its folders, but for those of dependencies and of tests. */
export async function findLockFiles(root: string, ecosystems: readonly Ecosystem[]): Promise<FoundLockFiles> {
  const found: FoundLockFiles = { lockFiles: [], observations: [], reasons: [] };
  for (const path of await pathsOf(root, found.reasons)) {
    const shown = relative(root, path).split(sep).join('/');
    try {
      const lockFile = readLockFile(shown, await textOf(path));
      if (ecosystems.includes(lockFile.ecosystem)) found.lockFiles.push(lockFile);
      for (const problem of lockFile.problems) {
        found.observations.push({
          kind: 'lock_file',
          severity: 'medium',
          path: shown,
          title: `${shown} ${problem}`,
          about: [shown, problem],
        });
      }
    } catch (error) {
      if (!(error instanceof LockFileError)) throw error;
      found.reasons.push(`${shown} ${error.message}`);
    }
  }
  for (const ecosystem of ecosystems) {
    if (!found.lockFiles.some((file) => file.ecosystem === ecosystem) && found.reasons.length === 0) {
      found.reasons.push(`there is no lock file for ${ecosystem}`);
    }
  }
  return found;
}

async function pathsOf(root: string, reasons: string[]): Promise<string[]> {
  const paths: string[] = [];
  const left = [{ folder: root, depth: 0 }];
  let folders = 0;
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    folders += 1;
    if (folders > maxFolders) {
      reasons.push(`lock files were looked for in the first ${maxFolders} folders`);
      break;
    }
    const { folder, depth } = next;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      reasons.push(depth === 0 ? 'its folder does not exist or cannot be read' : 'a folder cannot be read');
      continue;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const enters = depth < maxDepth && !entry.name.startsWith('.') && !skipped.has(entry.name);
        if (enters) left.push({ folder: path, depth: depth + 1 });
      } else if (entry.isFile() && isLockFile(entry.name)) paths.push(path);
    }
  }
  return paths;
}

const isLockFile = (name: string) =>
  lockFileNames.some((known) => known === name) || isRequirementsFile(name);

async function textOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) throw new LockFileError('cannot be read');
  try {
    const { size } = await file.stat();
    if (size > maxBytes)
      throw new LockFileError(`has more than the ${maxBytes / 1024 / 1024} MiB that are read`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
