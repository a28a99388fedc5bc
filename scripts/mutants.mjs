// npm run mutants: damages the sources one place at a time, and counts what the tests notice (docs/testing.md).
import { spawn } from 'node:child_process';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

await ensureInstalled();
const child = spawn(node24, ['mutants/src/main.ts', ...process.argv.slice(2)], {
  cwd: repositoryRoot,
  stdio: 'inherit',
});
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => child.kill(name));
child.once('exit', (code) => process.exit(code ?? 1));
