import { dirname, resolve } from 'node:path';
import { followPath } from './follow-path.ts';
import { isInside } from './is-inside.ts';
import { repositoriesAmong } from './find-checkout.ts';
import { unnamedSystemFolder } from './system-folders.ts';

/**
 * Everything in which some suite or service may write. What one of them leaves there must not decide where another one, or its own
 * next run, may write.
 *
 * @param folders what the configuration names, absolute; those that do not exist count for nothing
 */
export async function writableAreas(folders: readonly string[], home: string): Promise<string[]> {
  const areas = new Set<string>();
  // Where no link is on the way, nobody can have changed where it leads.
  for (const folder of folders) await addAreas(areas, folder, home, () => false);
  for (let before = -1; before < areas.size;) {
    before = areas.size;
    for (const folder of folders) {
      await addAreas(areas, folder, home, async (link, passed) => {
        const known = [...areas, ...(await repositoriesAmong(passed, home))];
        return areaAround(link, known) === null;
      });
    }
  }
  return [...areas];
}

/** The innermost area that holds this link. */
export function areaAround(link: string, areas: readonly string[]): string | null {
  const holding = areas.filter((area) => isInside(dirname(link), area));
  return holding.toSorted((a, b) => a.length - b.length).at(-1) ?? null;
}

async function addAreas(
  areas: Set<string>,
  folder: string,
  home: string,
  mayFollow: Parameters<typeof followPath>[1],
): Promise<void> {
  const named = resolve(folder);
  const { real, passed } = await followPath(named, mayFollow);
  // Nobody may write there: a folder to which such a link leads is refused, and the root of all stays read-only.
  if (
    real === '/' ||
    (real !== null && real !== named && (await unnamedSystemFolder(named, real, home)) !== null)
  )
    return;
  for (const repository of await repositoriesAmong(passed, home)) areas.add(repository);
  if (real !== null) areas.add(real);
}
