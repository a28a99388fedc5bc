import { Enums, Models } from '@cyclonedx/cyclonedx-library';
import { packageComponent, partComponent, workspaceComponent } from './components.ts';
import { dependencyGraph, reachable, workspaceNode, type Node } from './dependency-graph.ts';
import { nameAndVersion } from './lock-file.ts';
import type { Source } from './source.ts';

/** What is run or handed out: the apps, and the SDK of agents. The rest of the repository builds and tests these. */
const shippedFolders = /^(?:apps\/[^/]+|packages\/sdk)$/;

/** The bill of materials of this repository, without a time and a serial number. */
export function buildBom(source: Source): Models.Bom {
  const { lock, manifests, licences, parts } = source;
  const graph = dependencyGraph(lock);
  const scopeOf = scopes(graph, Object.keys(lock.importers));
  const components = new Map<Node, Models.Component>();
  for (const [folder, manifest] of manifests) {
    const node = workspaceNode(folder);
    const scope = folder === '.' ? undefined : scopeOf(node);
    components.set(node, workspaceComponent(folder, manifest, scope));
  }
  for (const [key, locked] of Object.entries(lock.packages)) {
    components.set(key, packageComponent(key, locked, scopeOf(key), licences.get(key)));
  }
  for (const [node, { required, optional, development }] of graph) {
    const uses = [...required, ...optional, ...development];
    for (const used of uses) connect(components.get(node), components.get(used));
  }
  const root = components.get(workspaceNode('.'));
  const programs = parts.map(partComponent);
  const shipped = [...manifests.keys()].filter((folder) => shippedFolders.test(folder));
  for (const folder of shipped) connect(root, components.get(workspaceNode(folder)));
  for (const program of programs) connect(root, program);

  components.delete(workspaceNode('.'));
  const metadata = new Models.Metadata({
    ...(root !== undefined && { component: root }),
    tools: new Models.Tools({
      components: new Models.ComponentRepository(writers(Object.keys(lock.packages))),
    }),
  });
  return new Models.Bom({
    metadata,
    components: new Models.ComponentRepository([...programs, ...components.values()]),
  });
}

/** The library that writes the document. */
function writers(keys: readonly string[]): Models.Component[] {
  return keys
    .filter((key) => key.startsWith('@cyclonedx/cyclonedx-library@'))
    .map((key) => {
      const { version } = nameAndVersion(key);
      return new Models.Component(Enums.ComponentType.Library, 'cyclonedx-library', {
        group: '@cyclonedx',
        version,
      });
    });
}

/** Node.js is a package of npm here, which no app imports. */
const runtimePackage = /^node@/;

function scopes(
  graph: ReturnType<typeof dependencyGraph>,
  folders: readonly string[],
): (node: Node) => Enums.ComponentScope {
  const shipped = folders.filter((folder) => shippedFolders.test(folder)).map(workspaceNode);
  const roots = [...shipped, ...[...graph.keys()].filter((node) => runtimePackage.test(node))];
  const required = reachable(graph, roots, { optional: false });
  const all = reachable(graph, roots, { optional: true });
  return (node) => {
    if (required.has(node)) return Enums.ComponentScope.Required;
    return all.has(node) ? Enums.ComponentScope.Optional : Enums.ComponentScope.Excluded;
  };
}

function connect(user: Models.Component | undefined, used: Models.Component | undefined): void {
  if (user !== undefined && used !== undefined && user !== used) user.dependencies.add(used.bomRef);
}
