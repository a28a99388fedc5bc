import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from './git.ts';
import { changesBetween, type Entry, type Tree } from './tree.ts';

// Larger ones are no source; a patch that holds them would fill the disk.
const maxFile = 64 * 1024 * 1024;

export interface Patch {
  /** As `git apply` takes it in the checkout's root. */
  text: string;
  /** SHA-256, 64 hex digits. */
  digest: string;
}

/**
 * Writes down what changed between the kept source and the checkout as it is now.
 *
 * @param scratch a directory of ours that does not exist yet; gone afterwards
 * @returns null without git on this machine
 */
export async function makePatch(
  git: Git,
  root: string,
  kept: string,
  trees: { before: Tree; after: Tree },
  scratch: string,
): Promise<Patch | null> {
  const place = async (side: 'a' | 'b', from: string, path: string, entry: Entry | null) => {
    if (entry === null || !entry.kept || path.split('/').includes('.git')) return;
    const to = join(scratch, side, path);
    await mkdir(dirname(to), { recursive: true });
    if (entry.type === 'link') await symlink(entry.digest, to);
    if (entry.type !== 'file' || entry.size > maxFile) return;
    await copyFile(join(from, path), to);
    await chmod(to, entry.mode | 0o600);
  };
  try {
    await mkdir(join(scratch, 'a'), { recursive: true, mode: 0o700 });
    await mkdir(join(scratch, 'b'), { recursive: true, mode: 0o700 });
    for (const { path, before, after } of changesBetween(trees.before, trees.after)) {
      await place('a', kept, path, before).catch(() => undefined);
      await place('b', root, path, after).catch(() => undefined);
    }
    const diff = [
      'diff',
      '--no-index',
      '--binary',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--no-prefix',
      'a',
      'b',
    ];
    const text = await git.run(scratch, diff, { codes: [0, 1] });
    return text === null ? null : { text, digest: createHash('sha256').update(text).digest('hex') };
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

export async function keepPatch(patch: Patch, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, patch.text, { mode: 0o600 });
}
