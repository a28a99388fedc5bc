// npm run bench: every benchmark of bench/src, one after the other, each with its peer in the same run.
//   npm run bench -- enqueue      only those whose name begins so
//   npm run bench -- --smoke      all of them for a moment, to see that they still run; the figures say nothing then
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

const suffix = '.bench.ts';
const words = process.argv.slice(2);
const wanted = words[0]?.startsWith('--') ? '' : (words.shift() ?? '');
const options = words;
const names = readdirSync(join(repositoryRoot, 'bench', 'src'))
  .filter((file) => file.endsWith(suffix) && file.startsWith(wanted))
  .map((file) => file.slice(0, -suffix.length));
if (names.length === 0) {
  process.stderr.write(`There is no benchmark whose name begins with ${wanted}.\n`);
  process.exit(1);
}
await ensureInstalled();

const failed = names.filter((name) => {
  process.stdout.write(`\n== ${name}\n`);
  const program = join('bench', 'src', `${name}${suffix}`);
  const { status } = spawnSync(node24, [program, ...options], { cwd: repositoryRoot, stdio: 'inherit' });
  return status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`\nBelow what is wanted, or failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
