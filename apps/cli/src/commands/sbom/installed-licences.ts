import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Licence = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]);
const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: Licence.optional().catch(undefined),
  licenses: z.array(Licence).optional().catch(undefined),
});

/**
 * The licences that installed packages declare, by `name@version`. A lock file has none. What is not installed here (a package
 * for another platform) is absent.
 *
 * @param modules the `node_modules` folder of the repository
 */
export async function installedLicences(modules: string): Promise<Map<string, string>> {
  const store = join(modules, '.pnpm');
  const licences = new Map<string, string>();
  for (const folder of await foldersIn(store)) {
    for (const path of await packageFolders(join(store, folder, 'node_modules'))) {
      const manifest = await readManifest(join(path, 'package.json'));
      const licence = manifest?.license ?? manifest?.licenses?.join(' OR ');
      // Some write v1.0.0, which the lock file does not.
      const version = manifest?.version.replace(/^v/, '') ?? '';
      if (manifest !== undefined && licence !== undefined)
        licences.set(`${manifest.name}@${version}`, licence);
    }
  }
  return licences;
}

async function packageFolders(modules: string): Promise<string[]> {
  const names = await foldersIn(modules);
  const scopes = names.filter((name) => name.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(async (scope) => (await foldersIn(join(modules, scope))).map((name) => join(scope, name))),
  );
  return [...names.filter((name) => !name.startsWith('@')), ...scoped.flat()].map((name) =>
    join(modules, name),
  );
}

/** Without links, which lead to packages that have a folder of their own. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function readManifest(file: string): Promise<z.infer<typeof Manifest> | undefined> {
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
