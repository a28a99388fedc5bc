// Before packing: builds `dist`, and writes the manifest that is published. In this repository `@actp/sdk` is its TypeScript source, so
// that nothing has to be built to work on it; npm (unlike pnpm) has no way to publish other `exports` than those that stand there.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const root = join(folder, '../..');
const manifest = join(folder, 'package.json');
const kept = join(folder, '.package.json.kept');

// An earlier packing that was interrupted.
if (existsSync(kept)) renameSync(kept, manifest);

const install = join(root, 'scripts/install.mjs');
if (existsSync(install)) {
  const { ensureInstalled } = await import(pathToFileURL(install).href);
  await ensureInstalled();
}
rmSync(join(folder, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: folder,
  stdio: ['ignore', 2, 2],
});
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));

const {
  publishConfig,
  devDependencies: _,
  scripts: __,
  ...published
} = JSON.parse(readFileSync(manifest, 'utf8'));
copyFileSync(manifest, kept);
writeFileSync(manifest, `${JSON.stringify({ ...published, ...publishConfig }, undefined, 2)}\n`);
