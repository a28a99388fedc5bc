// npm run audit:verify: checks the whole audit log of the running plane. Exit code 0: whole; 1: not; 2: not checked.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

if (process.argv.length > 2) {
  const asked = ['-h', '--help'].includes(process.argv[2]);
  process.stdout.write('usage: npm run audit:verify\n');
  process.exit(asked ? 0 : 2);
}
await ensureInstalled();
const program = join('apps', 'auditor', 'src', 'verify', 'main.ts');
const { status } = spawnSync(node24, [program], { cwd: repositoryRoot, stdio: 'inherit' });
process.exit(status ?? 2);
