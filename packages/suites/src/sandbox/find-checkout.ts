import { lstat, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isInside } from './is-inside.ts';

/**
 * The part of the file system that a command may change: the repository around its directory, or the directory alone. A repository
 * that holds the whole home folder or more (dotfiles are kept so) is not taken for a checkout.
 *
 * @param cwd an existing directory
 */
export async function findCheckoutRoot(cwd: string, home: string = homedir()): Promise<string> {
  const place = await realpath(cwd);
  const realHome = await realpath(home).catch(() => home);
  for (let at = place; dirname(at) !== at; at = dirname(at)) {
    if (isInside(realHome, at)) return place;
    if (await exists(join(at, '.git'))) return at;
  }
  return place;
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );
