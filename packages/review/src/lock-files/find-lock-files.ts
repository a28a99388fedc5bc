import { readdir } from 'node:fs/promises';
import { basename, join, posix, relative, sep } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { LockFileError, type Ecosystem, type LockFile } from './lock-file.ts';
import { leavesProject, projectPath } from './paths.ts';
import { lockFileText } from './regular-file.ts';
import { ecosystemOf, isLockFile, readableName, requirementsName } from './lock-file-kinds.ts';
import { readLockFile } from './read-lock-file.ts';

export interface FoundLockFiles {
  lockFiles: LockFile[];
  observations: Observation[];
  /** Why not all could be read. */
  reasons: string[];
}

const maxFolders = 20_000;
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
  const paths = await pathsOf(root, found.reasons);
  const left = paths
    .map((path) => ({ path, name: readableName(path) ?? basename(path) }))
    .filter(({ path }) => {
      const ecosystem = ecosystemOf(path);
      return ecosystem === undefined || ecosystems.includes(ecosystem);
    });
  const seen = new Set(left.map(({ path }) => path));
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    for (const path of await readInto(found, root, next)) {
      if (!seen.has(path)) left.push({ path, name: includedName });
      seen.add(path);
    }
  }
  for (const ecosystem of ecosystems) {
    if (!found.lockFiles.some((file) => file.ecosystem === ecosystem) && found.reasons.length === 0) {
      found.reasons.push(`there is no lock file for ${ecosystem}`);
    }
  }
  return found;
}

/** The name under which a file is read that a requirements file takes in. */
export const includedName = requirementsName;

/** @returns the paths of what the file takes in */
async function readInto(
  found: FoundLockFiles,
  root: string,
  { path, name }: { path: string; name: string },
): Promise<string[]> {
  try {
    const lockFile = readLockFile(path, await textOf(join(root, path)), name);
    found.lockFiles.push(lockFile);
    found.reasons.push(...lockFile.unread.map((reason) => `${path} ${reason}`));
    for (const problem of lockFile.problems) {
      found.observations.push({
        kind: 'lock_file',
        severity: 'medium',
        path,
        title: `${path} ${problem}`,
        about: [path, problem],
      });
    }
    return lockFile.includes.flatMap((include) => {
      const inside = projectPath(posix.dirname(path), include);
      if (!leavesProject(inside)) return [inside];
      found.reasons.push(`${path} takes in a file outside of the project (${include})`);
      return [];
    });
  } catch (error) {
    if (!(error instanceof LockFileError)) throw error;
    found.reasons.push(`${path} ${error.message}`);
    return [];
  }
}

/** Relative to the root. */
async function pathsOf(root: string, reasons: string[]): Promise<string[]> {
  const paths: string[] = [];
  const left = [root];
  let folders = 0;
  for (let folder = left.shift(); folder !== undefined; folder = left.shift()) {
    folders += 1;
    if (folders > maxFolders) {
      reasons.push(`lock files were looked for in the first ${maxFolders} folders`);
      break;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      reasons.push(
        folder === root ? 'its folder does not exist or cannot be read' : 'a folder cannot be read',
      );
      continue;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !skipped.has(entry.name)) left.push(path);
        continue;
      }
      const inside = relative(root, path).split(sep).join('/');
      // Whatever it is: what is no file is said not to be read.
      if (isLockFile(inside)) paths.push(inside);
    }
  }
  return paths;
}

async function textOf(path: string): Promise<string> {
  const text = await lockFileText(path);
  if (text === undefined) throw new LockFileError('cannot be read');
  return text;
}
