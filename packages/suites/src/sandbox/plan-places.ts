import { dirname } from 'node:path';
import { isInside } from './is-inside.ts';
import { around, byDepth } from './place-around.ts';
import type { Place } from './place.ts';
import type { Scratch } from './scratch.ts';

/** What a sandbox is made for; every path absolute, existing and without links. */
export interface PlaceFacts {
  scratch: Scratch;
  /** Directories in which the command may write. */
  writable: readonly string[];
  /** Beside those that hold the plane. */
  home: string | null;
  homeLayer: boolean;
  /** `~/.ssh` and its like: with the keys in there a command could log in to this machine. */
  keyFolders: readonly string[];
  /** `/tmp` and its like, in the order of `scratch.temporary`. */
  temporary: readonly string[];
  /** `/run` and its like: sockets of services that would carry out commands for whoever asks. */
  runtime: readonly string[];
  /** What is shown although a folder around it is covered: programs on the PATH, the resolver's configuration. */
  needed: readonly { at: string; source: string }[];
  /** Null when the command runs in the plane's own folder, or the home folder is in there. */
  planeRoot: { path: string; shown: readonly string[] } | null;
  hiddenFiles: readonly string[];
  hiddenDirectories: readonly string[];
  unchangeable: readonly string[];
  /** What belongs to the plane like that, but tools write into it. */
  discarded: readonly string[];
  sockets: readonly string[];
}

/** From the outermost to the innermost; of two at one path only the stricter one. */
export function planPlaces(facts: PlaceFacts): Place[] {
  const { scratch, writable, home, planeRoot } = facts;
  const inWritable = (path: string) => writable.some((directory) => isInside(path, directory));
  const show = (at: string, readOnly: boolean, source = at): Place => ({
    kind: 'show',
    at,
    source,
    readOnly,
  });
  const hide = (at: string): Place => ({ kind: 'cover', at, source: scratch.coverOf(at), readOnly: true });

  const layer = (at: string): Place & { kind: 'layer' } => ({
    kind: 'layer',
    at,
    lower: at,
    ...scratch.layerOf(at),
  });

  // In the order of their weight.
  const revealed: Place[] = [
    ...facts.temporary.map((at): Place => ({
      kind: 'cover',
      at,
      source: scratch.coverOf(at),
      readOnly: false,
    })),
    ...facts.runtime.map((at) => hide(at)),
    { kind: 'processes', at: '/proc' },
    { kind: 'devices', at: '/dev' },
    ...(home === null || !facts.homeLayer || inWritable(home) ? [] : [layer(home)]),
    ...(planeRoot === null ? [] : [hide(planeRoot.path), ...planeRoot.shown.map((at) => show(at, true))]),
    ...facts.needed.map(({ at, source }) => show(at, true, source)),
    ...writable.filter((at) => at !== '/').map((at) => show(at, false)),
  ];
  const places = new Map(revealed.map((place) => [place.at, place]));
  const outer = (at: string) => around([...places.values()], at);
  const strict: Place[] = [
    ...facts.sockets
      .filter((at) => !inWritable(at))
      .map((at): Place => ({ kind: 'empty', at, source: scratch.empty })),
    ...facts.keyFolders.map((at) => hide(at)),
    ...facts.hiddenFiles.map((at): Place => ({ kind: 'empty', at, source: scratch.empty })),
    ...facts.hiddenDirectories.map((at) => hide(at)),
  ];
  for (const place of strict.toSorted(byDepth)) {
    // Where nothing of the outside is seen, there is nothing to hide.
    if (outer(place.at)?.kind !== 'cover' || places.has(place.at)) places.set(place.at, place);
  }
  const changeable = (at: string) => {
    const place = outer(at);
    return place?.kind === 'show' && !place.readOnly && !places.has(at);
  };
  for (const at of facts.unchangeable) if (changeable(at)) places.set(at, show(at, true));
  // Where no layer can be made, tools that write there go before.
  for (const at of facts.homeLayer ? facts.discarded : []) {
    if (changeable(at)) places.set(at, { ...layer(at), optional: true });
  }
  for (const at of foldersBetween([...places.values()])) places.set(at, show(at, false));
  return [...places.values()].toSorted(byDepth);
}

/**
 * The folders on the way from a writable place to one inside of it. Nothing can be mounted over and renamed: shown as places of
 * their own they stay, while otherwise one could be moved away with the inner place, and another one put where it was.
 */
function foldersBetween(places: readonly Place[]): Set<string> {
  const between = new Set<string>();
  for (const { at } of places) {
    const outer = around(places, at);
    if (outer?.kind !== 'show' || outer.readOnly) continue;
    for (let folder = dirname(at); folder !== outer.at; folder = dirname(folder)) between.add(folder);
  }
  return between;
}
