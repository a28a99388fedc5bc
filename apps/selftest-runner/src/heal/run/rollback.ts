import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { changesBetween, takeTree, type Tree } from '../change/tree.ts';
import { restoreSource } from '../change/restore.ts';
import { gitWithin } from '../change/git.ts';
import { restoreRefs, nestedRefs } from '../change/refs.ts';
import { headOf, indexOf } from '../change/checkout.ts';
import { dropChangedCaches } from '../change/drop-changed-caches.ts';
import type { HealDeps } from './heal-deps.ts';
import { restoreIndex, sourceDir, type Before } from './heal-record.ts';
import { treeOptions } from './prepare-heal.ts';

// What hides behind a changed .gitignore only shows once that is back.
const rounds = 3;

/**
 * Undoes exactly what changed since the fingerprint was taken; the operator's own work, committed or not, stays.
 *
 * @param except a branch of our own making, in full
 * @returns what could not be put back, relative to the repository
 */
export async function rollBack(
  deps: Pick<HealDeps, 'git' | 'dataDir' | 'rootDir'>,
  before: Before,
  dir: string,
  except: string | null = null,
): Promise<string[]> {
  const { root, git: was } = before.checkout;
  // What stands in its place may be anybody's: nothing is written, and above all nothing removed, there.
  if ((await realpath(root).catch(() => root)) !== root) return [`${root} (is now a link)`];
  const options = { ...treeOptions(deps, before.suite, before.checkout), known: before.tree };
  let now: Tree = await takeTree(options);
  await dropChangedCaches(root, before.tree, now);
  for (let round = 0; round < rounds && changesBetween(before.tree, now).length > 0; round += 1) {
    await restoreSource(root, sourceDir(dir), before.tree, now);
    now = await takeTree(options);
  }
  if (was !== null) {
    const is = await headOf(deps.git, root);
    if (is?.branch !== was.branch) {
      await (was.branch === null
        ? deps.git.run(root, ['update-ref', '--no-deref', 'HEAD', was.head])
        : deps.git.run(root, ['symbolic-ref', 'HEAD', was.branch]));
    }
    if ((await headOf(deps.git, root))?.head !== was.head) {
      await deps.git.run(root, [
        'update-ref',
        ...(was.branch === null ? ['--no-deref', 'HEAD'] : [was.branch]),
        was.head,
      ]);
    }
    // What was staged, also where no commit was made.
    await restoreIndex(dir, await indexOf(deps.git, root));
  }
  const moved = await restoreRefs(deps.git, root, before.refs, except);
  for (const [at, { path }] of nestedRefs(before.refs).entries()) {
    const place = join(root, path);
    await restoreIndex(dir, await indexOf(gitWithin(deps.git, place), place), at + 1);
  }
  // Its objects are not ours to keep.
  const broken =
    was !== null && (await headOf(deps.git, root))?.head !== was.head ? ['.git (its commits are gone)'] : [];
  // What git ignores was made by programs, and its like is made again.
  const left = changesBetween(before.tree, now)
    .filter(({ before: entry, after }) => entry?.kept === true || after?.kept === true)
    .map(({ path }) => path);
  return [...broken, ...moved, ...left];
}
