import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, rm, rmdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { changesBetween, type Tree } from './tree.ts';

// Enough for nearly every repository; one with more is not healed, since nothing could be put back.
const maxBytes = 1024 * 1024 * 1024;

export class BackupTooLarge extends Error {
  override readonly name = 'BackupTooLarge';
}

/**
 * Copies the source as it is now, uncommitted work included, so that a failed heal can be rolled back without git.
 *
 * @param into a directory of ours that does not exist yet
 * @throws BackupTooLarge when there is more than is kept
 */
export async function backUpSource(root: string, tree: Tree, into: string): Promise<void> {
  const files = Object.entries(tree).filter(([, entry]) => entry.kept && entry.type === 'file');
  const bytes = files.reduce((sum, [, { size }]) => sum + size, 0);
  if (bytes > maxBytes)
    throw new BackupTooLarge(`its files have ${bytes} bytes, more than the ${maxBytes} that are kept`);
  await mkdir(into, { recursive: true, mode: 0o700 });
  for (const [path] of files) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await copyFile(join(root, path), join(into, path), constants.COPYFILE_FICLONE);
  }
}

/**
 * Puts everything that differs back to how it was, and nothing else.
 *
 * @param kept where `backUpSource` has put the copies
 * @returns paths that could not be put back
 */
export async function restoreSource(
  root: string,
  kept: string,
  before: Tree,
  after: Tree,
): Promise<string[]> {
  const failed: string[] = [];
  const changes = changesBetween(before, after);
  const attempt = async (path: string, work: () => Promise<unknown>) => {
    await work().catch(() => failed.push(path));
  };
  // First what is in the way, from above: below a link that was put in place of a directory nothing is ours.
  for (const { path, before: was, after: is } of changes) {
    if (is === null || !((was ?? is).kept || is.kept)) continue;
    if (await isBelowLink(root, path)) continue;
    const replaced = was === null || was.type !== is.type || was.type === 'link' || was.type === 'file';
    if (replaced) await attempt(path, () => rm(join(root, path), { recursive: was !== null, force: true }));
  }
  for (const { path, before: was } of changes) {
    if (was === null) continue;
    if (!was.kept) {
      failed.push(path);
      continue;
    }
    await attempt(path, async () => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      if (await isBelowLink(root, path)) throw new Error('a link is in the way');
      if (was.type === 'directory') await mkdir(join(root, path), { recursive: true });
      if (was.type === 'link') await symlink(was.digest, join(root, path));
      if (was.type === 'other') throw new Error('not a file');
      if (was.type !== 'file') return;
      await copyFile(join(kept, path), join(root, path));
      await chmod(join(root, path), was.mode);
    });
  }
  // Directories that were not there, the innermost first; one that holds something stays.
  const made = Object.entries(after).filter(
    ([path, { type }]) => type === 'directory' && before[path] === undefined,
  );
  for (const [path] of made.toReversed()) {
    // A repository that was made is no repository without what git keeps in there, which is not watched.
    if (path.split('/').at(-1) === '.git')
      await rm(join(root, path), { recursive: true, force: true }).catch(() => undefined);
    else await rmdir(join(root, path)).catch(() => undefined);
  }
  return [...new Set(failed)];
}

async function isBelowLink(root: string, path: string): Promise<boolean> {
  const parts = path.split('/').slice(0, -1);
  for (let count = 1; count <= parts.length; count += 1) {
    const stat = await lstat(join(root, ...parts.slice(0, count))).catch(() => null);
    if (stat !== null && !stat.isDirectory()) return true;
  }
  return false;
}
