import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRow, parseJson, rowOf, textOf, type Row } from '../json.ts';
import { licenceOf } from '../lock-files/npm.ts';
import type { LockedPackage, LockFile } from '../lock-files/lock-file.ts';

export interface InstalledFacts {
  hasScript: boolean;
  licence: string | null;
}

const installing = ['preinstall', 'install', 'postinstall'];
const maxBytes = 2 * 1024 * 1024;

/** What packages say in their own package.json, where they are installed beside a lock file; null where they are not. */
export async function installedPackages(
  root: string,
  file: LockFile,
): Promise<(entry: LockedPackage) => Promise<InstalledFacts | null>> {
  const modules = join(root, dirname(file.path), 'node_modules');
  const store = file.format === 'pnpm' ? await storeOf(join(modules, '.pnpm')) : undefined;
  return async (entry) => {
    if (!/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(entry.name) || entry.name.includes('..')) return null;
    const folder = store === undefined ? modules : store(entry);
    if (folder === undefined) return null;
    const manifest = await manifestOf(join(folder, entry.name, 'package.json'));
    if (manifest === null) return null;
    // Some write `v1.2.3`.
    const version = textOf(manifest['version'])?.replace(/^[v=\s]+/, '');
    if (entry.version !== null && version !== entry.version) return null;
    const scripts = rowOf(manifest['scripts']);
    return {
      // A package with C++ sources is built without saying so.
      hasScript: installing.some((name) => textOf(scripts[name]) !== null) || manifest['gypfile'] === true,
      licence: licenceOf(manifest['license'] ?? manifest['licenses']),
    };
  };
}

// pnpm keeps each in a folder `@scope+name@1.2.3`, with its peers behind.
async function storeOf(path: string) {
  const folders = await readdir(path).catch(() => [] as string[]);
  const byPackage = new Map(
    folders.map((folder) => [
      folder.replace(/^((?:@[^@+]+\+)?[^@]+@[^_(]+).*$/, '$1'),
      join(path, folder, 'node_modules'),
    ]),
  );
  return ({ name, version }: LockedPackage) => byPackage.get(`${name.replace('/', '+')}@${version}`);
}

async function manifestOf(path: string): Promise<Row | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '' || text.length > maxBytes) return null;
  const parsed = parseJson(text);
  return parsed.ok && isRow(parsed.value) ? parsed.value : null;
}
