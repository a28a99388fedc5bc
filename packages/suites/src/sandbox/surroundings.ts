import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../command/command-environment.ts';
import { discardedPlaces, hiddenPlaces, unchangeablePlaces, type PlanePlaces } from './hidden-places.ts';
import { isInside } from './is-inside.ts';
import { parseMountTable, type MountPoint } from './mount-table.ts';
import type { PlaceFacts } from './plan-places.ts';
import type { Scratch } from './scratch.ts';
import { boundSockets } from './unix-sockets.ts';

// With these keys a command could log in to this very machine.
const keyFolders = ['.ssh', '.gnupg'];
const temporary = ['/tmp', '/var/tmp'];
const runtime = ['/run', '/var/run'];
// Programs and libraries of some systems stand in /run, and so does the file that says who resolves names.
const neededInRuntime = ['/run/current-system', '/run/booted-system', '/run/opengl-driver', '/run/wrappers'];
// Who asks there for the name of a user gets nothing else.
const harmlessSockets = '/var/lib/sss/pipes';

export interface Wish {
  /** Where the command runs, without links. */
  cwd: string;
  /** The directory of the command's repository, or its own. */
  checkout: string;
  /** Everything in which it may write, existing, without links. */
  writable: readonly string[];
  /** The home folder that it sees as its own. */
  home: string;
  homeLayer: boolean;
  env: Environment;
  scratch: Scratch;
}

/** Looks at the machine as it is now: what has to be hidden, what may be seen, what is mounted. */
export async function lookAround(
  plane: PlanePlaces,
  wish: Wish,
): Promise<{ facts: PlaceFacts; mounts: MountPoint[] }> {
  const { cwd, checkout, writable, scratch, homeLayer } = wish;
  const [root] = await existing([plane.rootDir]);
  const [home = null] = await existing([wish.home]);
  const hidden = await hiddenPlaces(plane);
  const within = root !== undefined && isInside(root, checkout) && isInside(cwd, root);
  const aside = root !== undefined && !within && (home === null || !isInside(home, root));
  const [sockets, mounts] = await Promise.all([
    boundSockets(),
    readFile('/proc/self/mountinfo', 'utf8').then(parseMountTable, () => []),
  ]);
  return {
    facts: {
      scratch,
      writable,
      home,
      homeLayer,
      keyFolders: home === null ? [] : await existing(keyFolders.map((name) => join(home, name))),
      temporary: await existing(temporary),
      runtime: await existing(runtime),
      needed: await neededPlaces(wish.env, [...hidden.directories, ...writable]),
      planeRoot: aside ? { path: root, shown: await programFolders(root, hidden.directories) } : null,
      hiddenFiles: hidden.files,
      hiddenDirectories: hidden.directories,
      unchangeable: [
        ...(await unchangeablePlaces(plane)),
        // Its configuration names commands that git carries out for whoever looks at the repository later.
        ...(await existing([join(checkout, '.git'), join(plane.rootDir, '.git')])),
      ],
      discarded: await discardedPlaces(plane),
      sockets: sockets.filter((path) => !isInside(path, harmlessSockets)),
    },
    mounts,
  };
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => realpath(path).catch(() => null)));
  return [...new Set(found.filter((path) => path !== null))];
}

/** Folders of the plane that other projects may use, by a link in their dependencies for instance. */
async function programFolders(root: string, hidden: readonly string[]): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(root, entry.name))
    .filter((path) => !hidden.includes(path));
}

/** What a program finds its tools and other machines by, where it stands in a folder that is covered. */
async function neededPlaces(
  env: Environment,
  never: readonly string[],
): Promise<Array<{ at: string; source: string }>> {
  const resolver = await realpath('/etc/resolv.conf').catch(() => null);
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  const candidates = [...neededInRuntime, ...onPath, ...(resolver === null ? [] : [dirname(resolver)])];
  const covered = [...temporary, ...runtime];
  const found: Array<{ at: string; source: string }> = [];
  for (const at of candidates.map((path) => join(path, '.').replace(/(.)\/$/, '$1'))) {
    if (!covered.some((folder) => at !== folder && isInside(at, folder))) continue;
    if (never.some((folder) => isInside(at, folder)) || found.some((place) => place.at === at)) continue;
    const source = await realpath(at).catch(() => null);
    if (source === null || !(await stat(source)).isDirectory()) continue;
    if (!never.some((folder) => isInside(folder, source))) found.push({ at, source });
  }
  return found;
}
