import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { parseJson, rowOf } from '../json.ts';
import { readableName } from '../lock-files/lock-file-kinds.ts';

// What says which packages there are, and nothing that names a program or an engine.
const manifestKeys = [
  'name',
  'version',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
];
// Where packages come from, and what is shown there. Other settings name programs, scripts and files to load.
const npmrcKeys =
  /^\s*(?:(?:@[^:\s]+:)?registry|\/\/\S+:(?:_authToken|_auth|username|_password|email|always-auth|certfile|keyfile)|ca(?:\[\])?|cafile|strict-ssl|https?-proxy|proxy|noproxy)\s*=/;

/**
 * Copies a lock file, with where its packages come from, into a folder of ours, so that an audit tool finds nothing in it that a project has it
 * load or install: pnpm runs what `pnpm-workspace.yaml` names, and downloads another release of itself. The folder is removed at the end.
 */
export async function inAuditFolder<T>(lockFile: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-review-'));
  try {
    const from = dirname(lockFile);
    // Under the name that the tool knows: there may be one for each branch.
    await copyFile(lockFile, join(folder, readableName(lockFile) ?? basename(lockFile)));
    const manifest = rowOf(parsed(await textOfFile(join(from, 'package.json'))));
    const kept = manifestKeys.flatMap((key) => (manifest[key] === undefined ? [] : [[key, manifest[key]]]));
    await writeFile(join(folder, 'package.json'), JSON.stringify(Object.fromEntries(kept)));
    const npmrc = (await textOfFile(join(from, '.npmrc')))
      .split(/\r?\n/)
      .filter((line) => npmrcKeys.test(line));
    const registries = registriesOf(await textOfFile(join(from, 'pnpm-workspace.yaml')));
    await writeFile(join(folder, '.npmrc'), [...npmrc, ...registries, ''].join('\n'), { mode: 0o600 });
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const parsed = (text: string): unknown => {
  const json = parseJson(text);
  return json.ok ? json.value : undefined;
};

const textOfFile = (path: string) => readFile(path, 'utf8').catch(() => '');

/** `registry` and `registries` of pnpm, as lines of an .npmrc. */
function registriesOf(workspace: string): string[] {
  try {
    const { registry, registries } = rowOf(load(workspace, { schema: CORE_SCHEMA }));
    const all: Array<[string, unknown]> = [['default', registry], ...Object.entries(rowOf(registries))];
    return all.flatMap(([scope, url]) =>
      typeof url === 'string' && /^https?:\/\/\S+$/.test(url) && /^(?:default|@[^:=\s]+)$/.test(scope)
        ? `${scope === 'default' ? '' : `${scope}:`}registry=${url}`
        : [],
    );
  } catch {
    return [];
  }
}
