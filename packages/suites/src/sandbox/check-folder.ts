import { lstat, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { followPath } from './follow-path.ts';
import { repositoriesAmong } from './find-checkout.ts';
import { isInside } from './is-inside.ts';
import { unnamedSystemFolder } from './system-folders.ts';
import { areaAround } from './writable-areas.ts';

export interface CheckedFolder {
  /** Without links; null when there is no such folder, or it is not to be used. */
  real: string | null;
  /** Why it is not to be used. */
  refusal: string | null;
}

/**
 * Finds out where a folder of the configuration leads, and refuses one that somebody else than the operator may have led there.
 *
 * @param path absolute, as the configuration has it
 * @param facts.areas everything in which a suite or service may write, without links
 */
export async function checkFolder(
  path: string,
  facts: { rootDir: string; home: string; areas: readonly string[] },
): Promise<CheckedFolder> {
  const named = resolve(path);
  const { rootDir, home } = facts;
  const root = await realpath(rootDir).catch(() => rootDir);
  let area: string | null = null;
  const { real, refused } = await followPath(named, async (link, passed) => {
    area = areaAround(link, [...facts.areas, ...(await repositoriesAmong(passed, home))]);
    return area === null || (await staysInside(link, area, root));
  });
  if (refused !== null) {
    const refusal = `its directory ${named} cannot be trusted: ${refused} is a symbolic link, and stands in ${area}, where suites may write; put a directory in its place, or name the directory itself in the configuration`;
    return { real: null, refusal };
  }
  if (real === null) return { real: null, refusal: null };
  const remedy = 'name the directory itself in the configuration if that is meant';
  if (isInside(real, root)) {
    // By its own path, from the plane's folder on: what stands in there, a suite may have changed.
    const direct = [rootDir, root].some((at) => join(at, relative(root, real)) === named);
    if (direct) return { real, refusal: null };
    return {
      real: null,
      refusal: `its directory ${named} leads by a symbolic link into the plane's own folder, to ${real}; ${remedy}`,
    };
  }
  const folder = real === named ? null : await unnamedSystemFolder(named, real, home);
  if (folder === null) return { real, refusal: null };
  return {
    real: null,
    refusal: `its directory ${named} leads by a symbolic link to ${real}, and ${folder} is not for suites; ${remedy}`,
  };
}

/** A link from one folder of an area to another gives nobody anything, unless the plane or what git carries out is in there. */
async function staysInside(link: string, area: string, root: string): Promise<boolean> {
  if (isInside(root, area) || isInside(area, root)) return false;
  // Not in one go: every link on the way has to stay.
  const { real } = await followPath(link, (next) => areaAround(next, [area]) !== null);
  if (real === null || !isInside(real, area)) return false;
  const names = real.slice(area.length).split('/');
  return !names.includes('.git') && (await lstat(real).catch(() => null))?.isDirectory() === true;
}
