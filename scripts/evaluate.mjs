// npm run evaluate: how well something finds what it looks for, on data that is not part of the project.
//   npm run evaluate -- redaction [folder]     recall and false redactions; the folder has secrets.jsonl (../shared/data)
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

// Each takes the folder first; a relative one is meant from where npm was called.
const programs = {
  redaction: join('packages', 'redaction', 'src', 'evaluate', 'main.ts'),
};
const usage = `Usage: npm run evaluate -- <${Object.keys(programs).join(' | ')}> [folder]\n`;

const [name = '', folder, ...rest] = process.argv.slice(2);
if (name === '-h' || name === '--help') {
  process.stdout.write(usage);
  process.exit(0);
}
if (!Object.hasOwn(programs, name)) {
  process.stderr.write(usage);
  process.exit(2);
}
await ensureInstalled();
const from = resolve(process.env.INIT_CWD ?? '.');
const words = folder === undefined ? [] : [resolve(from, folder), ...rest];
const { status } = spawnSync(node24, [join(repositoryRoot, programs[name]), ...words], {
  cwd: repositoryRoot,
  stdio: 'inherit',
});
process.exit(status ?? 2);
