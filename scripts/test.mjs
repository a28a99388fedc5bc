// npm test: installs if needed, runs every test on real Postgres, PostgREST and Redis, and checks the feature list.
//   npm test -- --write-features   also brings prd-013-features.json up to date
//   npm test -- apps/gateway       only what matches (the feature list is then left alone)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { compileCache, node24, repositoryRoot } from './paths.mjs';

const args = process.argv.slice(2);
const take = (flag) => {
  const index = args.indexOf(flag);
  if (index >= 0) args.splice(index, 1);
  return index >= 0;
};
if (take('--help')) {
  process.stdout.write('usage: npm test [-- [--write-features] [path or vitest option ...]]\n');
  process.exit(0);
}
const long = take('--long');
const write = take('--write-features');

await ensureInstalled();

// A hundred test files load the same libraries, each in a process of its own: compiled once, that is a third of the work less.
const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
const run = (words) => spawnSync(node24, words, { cwd: repositoryRoot, stdio: 'inherit', env }).status ?? 1;
const folder = mkdtempSync(join(tmpdir(), 'actp-report-'));
const report = join(folder, 'vitest.json');
const projects = long
  ? ['--project', 'long']
  : ['--project', 'unit', '--project', 'integration', '--project', 'e2e'];

let status = run([
  'node_modules/vitest/vitest.mjs',
  'run',
  ...projects,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...args,
]);
let counts;
try {
  counts = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  counts = undefined; // the runner itself failed, and said so
}
if (counts !== undefined && args.length === 0 && !long) {
  const checked = run(['scripts/features.ts', report, ...(write ? ['--write'] : [])]);
  status = status === 0 ? checked : status;
}
rmSync(folder, { recursive: true, force: true });
if (counts === undefined || counts.numPassedTests + counts.numFailedTests === 0) {
  process.stderr.write('no test was run\n');
  process.exit(status === 0 ? 1 : status);
}
// A file that fails before or behind its tests counts as well.
const brokenFiles = counts.testResults.filter(
  ({ status: ended, assertionResults }) =>
    ended === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
).length;
process.stdout.write(`\n${counts.numPassedTests} passed, ${counts.numFailedTests + brokenFiles} failed\n`);
process.exit(status);
