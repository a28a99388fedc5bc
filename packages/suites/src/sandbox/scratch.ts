import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Account } from './isolation.ts';
import { removeTree } from '../remove-tree.ts';
import { isInside } from './is-inside.ts';
import type { Place } from './place.ts';
import { around } from './place-around.ts';

/** Files of one sandbox, outside of everything that its command sees. */
export interface Scratch {
  path: string;
  /** Where the sandbox's root is built. */
  root: string;
  /** An empty file. */
  empty: string;
  devices: string;
  /** What makes the sandbox. */
  script: string;
  /** Exists as soon as the sandbox is complete. */
  ready: string;
  /** The directory that stands for a covered one. */
  coverOf(at: string): string;
  /** The directories into which goes what is written at this place, and only seems to be there. */
  layerOf(at: string): Layer;
  /** Every one that was asked for. */
  layers(): Layer[];
}

interface Layer {
  upper: string;
  work: string;
}

/** @param parent an existing or new directory, which holds nothing else */
export function scratchIn(parent: string): Scratch {
  const path = join(parent, randomUUID());
  const covers = new Map<string, string>();
  const layers = new Map<string, Layer>();
  return {
    path,
    root: join(path, 'root'),
    empty: join(path, 'empty'),
    devices: join(path, 'devices'),
    script: join(path, 'script'),
    ready: join(path, 'ready'),
    coverOf(at) {
      const known = covers.get(at) ?? join(path, `cover-${covers.size}`);
      covers.set(at, known);
      return known;
    },
    layerOf(at) {
      const base = join(path, `layer-${layers.size}`);
      const known = layers.get(at) ?? { upper: join(base, 'upper'), work: join(base, 'work') };
      layers.set(at, known);
      return known;
    },
    layers: () => [...layers.values()],
  };
}

const links = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
};
/** What a program may need of /dev. No disk, no memory, no terminal of somebody else. */
export const deviceNames = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];

/** Makes the directories and files which the places need, with the points at which others are shown inside of them. */
export async function fillScratch(
  scratch: Scratch,
  places: readonly Place[],
  account?: Account,
): Promise<void> {
  await mkdir(scratch.path, { recursive: true, mode: 0o700 });
  for (const path of [scratch.root, scratch.devices]) await mkdir(path);
  for (const { upper, work } of scratch.layers()) {
    await mkdir(upper, { recursive: true });
    await mkdir(work);
  }
  await mkdir(join(scratch.devices, 'pts'));
  await mkdir(join(scratch.devices, 'shm'));
  for (const name of deviceNames) await writeFile(join(scratch.devices, name), '');
  await symlink('pts/ptmx', join(scratch.devices, 'ptmx'));
  for (const [name, target] of Object.entries(links)) await symlink(target, join(scratch.devices, name));
  await mkdir(scratch.coverOf('/nothing'));
  await writeFile(scratch.empty, '', { mode: 0o444 });
  for (const place of places) {
    if (place.kind === 'layer') await likeTheLower(place.upper, place.lower);
    if (place.kind === 'cover') await makeCover(place.source, place.readOnly);
    const outer = around(places, place.at);
    if (outer?.kind === 'cover') await makePoint(join(outer.source, relative(outer.at, place.at)), place);
  }
  if (account !== undefined) await chown(scratch.empty, account.uid, account.gid);
}

async function makeCover(path: string, readOnly: boolean): Promise<void> {
  await mkdir(path, { recursive: true });
  // Whatever the umask says: other accounts pass through, and a temporary folder is everybody's.
  await chmod(path, readOnly ? 0o755 : 0o1777);
}

async function makePoint(path: string, place: Place): Promise<void> {
  const isFile =
    place.kind === 'empty' || (place.kind === 'show' && !(await stat(place.source)).isDirectory());
  await mkdir(isFile ? dirname(path) : path, { recursive: true, mode: 0o755 });
  if (isFile) await writeFile(path, '');
}

// The layer's root shows the owner and the mode of its upper directory.
async function likeTheLower(upper: string, lower: string): Promise<void> {
  const { mode, uid, gid } = await stat(lower);
  await chmod(upper, mode & 0o7777);
  await chown(upper, uid, gid).catch(() => undefined);
}

/** Removes everything, with the folders in layers that the kernel lets nobody enter. */
export const removeScratch = ({ path }: Scratch) => removeTree(path);

/** Where something lies outside that the command knows by `path`; the same path when it is not in a cover. */
export function outsidePath(places: readonly Place[], path: string): string {
  const exact = places.find((place) => place.at === path);
  const holder = exact ?? around(places, path);
  if (holder?.kind !== 'cover' || !isInside(path, holder.at)) return path;
  return join(holder.source, relative(holder.at, path));
}
