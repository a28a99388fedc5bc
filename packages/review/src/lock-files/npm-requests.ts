import { posix } from 'node:path';
import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { originOf, type Origin } from './lock-file.ts';
import { isAliasOf, type Request } from './requests.ts';

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
const folder = 'node_modules/';
// No system has longer paths; to look through the folders of one without end would take as long.
const longestPath = 4_096;

/** The name of the folder that a package is installed in; undefined for a part of the project. */
export function installedName(path: string): string | undefined {
  const at = path.lastIndexOf(folder);
  return at < 0 ? undefined : path.slice(at + folder.length);
}

/** Where a package is found that is asked for: in the nearest `node_modules`, as Node looks for it. */
export function installedAt(packages: Row, path: string, name: string): string | undefined {
  for (let from = path; ; from = posix.dirname(from)) {
    const root = from === '.' || from === '';
    const place = `${root ? '' : `${from}/`}${folder}${name}`;
    if (Object.hasOwn(packages, place)) return place;
    if (root || from === posix.dirname(from)) return undefined;
  }
}

/** Each package at its place, and for each that asks for one what it gets. */
export function* requestsOfNpm(packages: Row): Generator<Request> {
  for (const [path, entry] of Object.entries(packages)) {
    const asked = installedName(path);
    if (asked !== undefined) yield [[path], { asked, ...packageAt(packages, path) }];
    for (const [name] of askedBy(path, entry)) {
      const target = installedAt(packages, path, name);
      if (target !== undefined) yield [[path, 'needs'], { asked: name, ...packageAt(packages, target) }];
    }
  }
}

/**
 * Tells which packages are another one than the folder that they are installed in is called, without anybody having asked for that
 * by `npm:`.
 */
export function hiddenAliases(packages: Row): (path: string, name: string, origin: Origin) => boolean {
  let specs: Map<string, Array<string | null>> | undefined;
  return (path, name, origin) => {
    if (name === installedName(path)) return false;
    specs ??= specsOf(packages);
    return !(specs.get(path) ?? []).some(
      // What is asked for by its address has whatever name it has.
      (spec) => isAliasOf(name, spec) || (origin !== 'registry' && originOf(spec) === origin),
    );
  };
}

function specsOf(packages: Row): Map<string, Array<string | null>> {
  const specs = new Map<string, Array<string | null>>();
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, spec] of askedBy(path, entry)) {
      const target = installedAt(packages, path, name);
      if (target === undefined) continue;
      const there = specs.get(target);
      if (there === undefined) specs.set(target, [textOf(spec)]);
      else there.push(textOf(spec));
    }
  }
  return specs;
}

/** Whether a package that is said to be part of another lies below one that has such parts. */
export function isPartOfAnother(packages: Row, path: string): boolean {
  if (path.length > longestPath) return false;
  for (let at = path.lastIndexOf(`/${folder}`); at > 0; at = path.lastIndexOf(`/${folder}`, at - 1)) {
    const parent = path.slice(0, at);
    const entry = packages[parent];
    if (installedName(parent) === undefined || !isRow(entry)) continue;
    const parts = entry['bundleDependencies'] ?? entry['bundledDependencies'];
    if (parts === true || (Array.isArray(parts) && parts.length > 0)) return true;
  }
  return false;
}

const askedBy = (path: string, entry: unknown): Array<[string, unknown]> =>
  isRow(entry) && path.length <= longestPath
    ? kinds.flatMap((kind) => Object.entries(rowOf(entry[kind])))
    : [];

function packageAt(packages: Row, path: string): { name: string; version: string | null } {
  const entry = rowOf(packages[path]);
  const linked = entry['link'] === true ? textOf(entry['resolved']) : null;
  return {
    name: linked ?? textOf(entry['name']) ?? installedName(path) ?? path,
    version: textOf(entry['version']),
  };
}
