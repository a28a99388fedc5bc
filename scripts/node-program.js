// Runs a program of a package under the project's own Node.js, in the folder where npm was called.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

/** Ends the process with the program's exit code. */
export async function runProgram(path, words) {
  const program = join(repositoryRoot, ...path);
  if (!existsSync(program)) {
    process.stderr.write(`There is no ${path.join('/')} here.\n`);
    process.exit(2);
  }
  await ensureInstalled();
  const cwd = resolve(process.env.INIT_CWD ?? '.');
  const { status } = spawnSync(node24, [program, ...words], { cwd, stdio: 'inherit' });
  process.exit(status ?? 2);
}
