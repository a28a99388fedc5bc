// npm run train [-- folder]: fits the model of packages/screening to the rows of a folder (../shared/data), bit for bit the same.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

const [folder] = process.argv.slice(2);
await ensureInstalled();
const program = join(repositoryRoot, 'packages', 'screening', 'src', 'train', 'main.ts');
const words = folder === undefined ? [] : [resolve(process.env.INIT_CWD ?? '.', folder)];
const { status } = spawnSync(node24, [program, ...words], { cwd: repositoryRoot, stdio: 'inherit' });
process.exit(status ?? 2);
