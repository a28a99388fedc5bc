import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the repository around a folder, by where its `.git` lies: its own configuration may name any other one as its working tree.
 * Undefined where there is none.
 */
export function repositoryRoot(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    if (isRepository(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** The words that keep git to the repository and the working tree around a folder. */
export function keptTo(folder: string): string[] {
  const root = repositoryRoot(folder);
  return root === undefined ? [] : [`--git-dir=${join(root, '.git')}`, `--work-tree=${root}`];
}

// As git tells: a file that names another folder, or a folder that has what a repository has.
function isRepository(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  return stats.isFile() || ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(path, name)));
}
