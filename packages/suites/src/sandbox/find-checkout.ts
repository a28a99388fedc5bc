import { lstat, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { isInside } from './is-inside.ts';
import { systemFolders } from './system-folders.ts';

/**
 * The part of the file system that a command may change: the repository around its directory, or the directory alone. A repository
 * that holds the whole home folder (dotfiles are kept so), a folder of the system or more is not taken for a checkout.
 *
 * @param cwd an existing directory
 */
export async function findCheckoutRoot(cwd: string, home: string = homedir()): Promise<string> {
  const place = await realpath(cwd);
  return (await repositoryAround(place, home)) ?? place;
}

/**
 * Whether a link on the way to a directory leads out of the repository in which the link stands. What may write in there may have
 * put it there, so that the next command could write somewhere else.
 *
 * @param directory existing
 */
export async function leadsOutOfRepository(directory: string, home: string = homedir()): Promise<boolean> {
  let at = '/';
  for (const name of resolve(directory)
    .split(sep)
    .filter((part) => part !== '')) {
    const next = join(at, name);
    const isLink = (await lstat(next)).isSymbolicLink();
    const target = isLink ? await realpath(next) : next;
    const repository = isLink ? await repositoryAround(at, home) : null;
    if (repository !== null && !isInside(target, repository)) return true;
    at = target;
  }
  return false;
}

async function repositoryAround(place: string, home: string): Promise<string | null> {
  const realHome = await realpath(home).catch(() => home);
  for (let at = place; dirname(at) !== at; at = dirname(at)) {
    if (isTooMuch(at, realHome)) return null;
    if (await exists(join(at, '.git'))) return at;
  }
  return null;
}

/** Those of these directories, without links, that are repositories. */
export async function repositoriesAmong(directories: readonly string[], home: string): Promise<string[]> {
  const realHome = await realpath(home).catch(() => home);
  const found: string[] = [];
  for (const at of directories) {
    if (!isTooMuch(at, realHome) && (await exists(join(at, '.git')))) found.push(at);
  }
  return found;
}

// Such a repository keeps what others have there too: dotfiles, the configuration of the system.
const isTooMuch = (at: string, realHome: string) =>
  [realHome, ...systemFolders].some((folder) => isInside(folder, at));

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );
