import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { changesBetween, type Tree } from './tree.ts';

/**
 * Removes from caches whatever is not as it was. An agent can leave there what the tests would load in the place of the source,
 * also in the next night: a compiled file that is not made of its source, a transformed one, whole programs. The tools make
 * it again.
 */
export async function dropChangedCaches(root: string, before: Tree, after: Tree): Promise<void> {
  for (const { path, before: was, after: is } of changesBetween(before, after)) {
    if (is?.cache !== true || was?.kept === true) continue;
    await rm(join(root, path), { recursive: true, force: true }).catch(() => undefined);
  }
}
