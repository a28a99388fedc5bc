// npm run stores. Plain JavaScript without dependencies, for any Node.js from 20 on.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run --silent stores

Prints what the embedded stores of the running copy are reached with: SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY,
DATABASE_URL, REDIS_URL. These open everything; they are written nowhere else. Use them in a shell of its own, since
npm start would take them for stores that run elsewhere:

  (set -a; eval "$(npm run --silent stores)"; psql "$DATABASE_URL")

Options:
  -h, --help     show this text

Environment: ACTP_DATA_DIR of the copy that is meant (.actp)
`;

for (const word of process.argv.slice(2)) {
  const asked = word === '-h' || word === '--help';
  if (asked) process.stdout.write(usage);
  else process.stderr.write(`Unknown option: ${word}\nTry: npm run stores -- --help\n`);
  process.exit(asked ? 0 : 2);
}
if (!existsSync(node24)) {
  process.stderr.write('Nothing is installed yet.\nStart it first: npm start\n');
  process.exit(1);
}
const main = join('apps', 'supervisor', 'src', 'stores', 'main.ts');
const { status } = spawnSync(node24, [main], { cwd: repositoryRoot, stdio: 'inherit' });
process.exit(status ?? 1);
