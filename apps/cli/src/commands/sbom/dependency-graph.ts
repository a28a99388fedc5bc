import { posix } from 'node:path';
import { packageKey, snapshotKey, type Importer, type LockFile } from './lock-file.ts';

/** The folder of a workspace, `workspace:apps/gateway`, or the key of a locked package, `hono@4.0.0`. */
export type Node = string;

export interface Edges {
  required: ReadonlySet<Node>;
  optional: ReadonlySet<Node>;
  development: ReadonlySet<Node>;
}

const noEdges: Edges = { required: new Set(), optional: new Set(), development: new Set() };

export function workspaceNode(folder: string): Node {
  return `workspace:${folder}`;
}

/** Who uses whom. The variants of a package with different peers are one node. */
export function dependencyGraph(lock: LockFile): Map<Node, Edges> {
  const graph = new Map<Node, Edges>();
  for (const [folder, importer] of Object.entries(lock.importers)) {
    graph.set(workspaceNode(folder), importerEdges(lock, folder, importer));
  }
  for (const key of Object.keys(lock.packages)) graph.set(key, noEdges);
  for (const [key, { dependencies, optionalDependencies }] of Object.entries(lock.snapshots)) {
    const node = packageKey(key);
    const { required, optional, development } = graph.get(node) ?? noEdges;
    graph.set(node, {
      required: required.union(lockedNodes(lock, dependencies)),
      optional: optional.union(lockedNodes(lock, optionalDependencies)),
      development,
    });
  }
  return graph;
}

function importerEdges(lock: LockFile, folder: string, importer: Importer): Edges {
  const nodes = (list: Importer['dependencies']) =>
    new Set(Object.entries(list).map(([name, { version }]) => targetNode(lock, folder, name, version)));
  return {
    required: nodes(importer.dependencies),
    optional: nodes(importer.optionalDependencies),
    development: nodes(importer.devDependencies),
  };
}

function targetNode(lock: LockFile, folder: string, name: string, version: string): Node {
  if (!version.startsWith('link:')) return packageKey(snapshotKey(lock, name, version));
  const target = posix.join(folder, version.slice('link:'.length));
  if (lock.importers[target] === undefined)
    throw new Error(`${folder} links to ${target}, which is no workspace`);
  return workspaceNode(target);
}

function lockedNodes(lock: LockFile, versions: Record<string, string>): Set<Node> {
  return new Set(
    Object.entries(versions)
      // A link out of a package leads into a workspace, which stands in the graph by itself.
      .filter(([, version]) => !version.startsWith('link:'))
      .map(([name, version]) => packageKey(snapshotKey(lock, name, version))),
  );
}

/** What can be reached from these, themselves included. Development dependencies are not followed. */
export function reachable(
  graph: ReadonlyMap<Node, Edges>,
  from: Iterable<Node>,
  { optional }: { optional: boolean },
): Set<Node> {
  const found = new Set<Node>();
  const waiting = [...from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    const edges = graph.get(node);
    waiting.push(...(edges?.required ?? []), ...(optional ? (edges?.optional ?? []) : []));
  }
  return found;
}
