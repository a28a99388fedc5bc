// npm run evaluate: how well something recognises what it should, on rows that are not part of the project.
//   npm run evaluate -- redaction [folder]     recall and false redactions (secrets.jsonl)
//   npm run evaluate -- injection [folder]     recall and false alarms (injection.jsonl)
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

// Each takes the folder first; a relative one is meant from where npm was called.
const programs = {
  redaction: join('packages', 'redaction', 'src', 'evaluate', 'main.ts'),
  injection: join('packages', 'screening', 'src', 'evaluate', 'main.ts'),
};
const usage = `Usage: npm run evaluate -- <what> [folder]

  redaction    secrets (packages/redaction)
  injection    injected instructions and commands (packages/screening)

The folder holds the rows (../shared/data); without it there is nothing to do, and the exit code is 0.
`;

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
