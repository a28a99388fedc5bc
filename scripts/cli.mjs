// npm run approvals, policy, audit:verify, backup, restore, stores, evaluate, train: installs what is missing and runs apps/cli with the words that follow.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

const words = process.argv.slice(2);
// What it prints is for a shell, so nothing about an installation may stand in between; and nothing runs yet.
if (words[0] === 'stores' && !existsSync(node24)) {
  process.stderr.write('Nothing is installed yet.\nStart it first: npm start\n');
  process.exit(1);
}
await ensureInstalled();
const { status } = spawnSync(node24, [join(repositoryRoot, 'apps', 'cli', 'src', 'main.ts'), ...words], {
  // Paths on the command line count from where npm was called.
  cwd: resolve(process.env.INIT_CWD ?? '.'),
  stdio: 'inherit',
});
process.exit(status ?? 2);
