// A backup is written and read in a container, which cannot write on this machine: the file comes and goes through standard output and input.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { repositoryRoot as root } from '../paths.mjs';
import { compose, ComposeError, mustCompose } from './run.mjs';

const inContainer = '/backups/transfer';
const cliMain = 'node apps/cli/src/main.ts';
const passphrase = () => (process.env.BACKUP_PASSPHRASE ? ['-e', 'BACKUP_PASSPHRASE'] : []);
const sh = (service, script) => [
  'run',
  '--rm',
  '--no-deps',
  '-T',
  ...passphrase(),
  '--entrypoint',
  'sh',
  service,
  '-c',
  script,
];

/** Writes a backup of the running plane into a new file. */
export async function backup(folder = join(root, 'backups')) {
  mkdirSync(resolve(folder), { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replaceAll(/[-:]|\..*/g, '');
  const ending = process.env.BACKUP_PASSPHRASE ? 'age' : 'tar.gz';
  const file = join(resolve(folder), `actp-${time}.${ending}`);
  const making = openSync(`${file}.new`, 'wx', 0o600);
  const script = `set -e; rm -f ${inContainer}; ${cliMain} backup --to ${inContainer} >&2; cat ${inContainer}; rm ${inContainer}`;
  const { code } = await compose(sh('cli', script), { stdio: ['ignore', making, 'inherit'] });
  closeSync(making);
  if (code !== 0) {
    rmSync(`${file}.new`);
    return code;
  }
  renameSync(`${file}.new`, file);
  console.log(`On this machine: ${file}`);
  return 0;
}

/** Puts a backup into a plane without data, and its secrets into .env. The apps are not started. */
export async function restore(file) {
  if (file === undefined) throw new ComposeError('Which file? npm run compose -- restore FILE', 2);
  const source = openSync(resolve(process.env.INIT_CWD ?? '.', file), 'r');
  // The database, without an app that would write into it.
  await mustCompose(['up', '--detach', 'redis', 'postgres']);
  // Attached, so that it ends when the tables are there.
  await mustCompose(['up', 'migrate']);
  const script = `set -e; cat > ${inContainer}; ${cliMain} restore ${inContainer} >&2; rm ${inContainer}; cat /tmp/restored.env 2>/dev/null || true`;
  const { code, out } = await compose(sh('restore', script), { stdio: [source, 'pipe', 'inherit'] });
  closeSync(source);
  if (code !== 0) return code;
  if (out.trim() !== '') {
    addToEnv(out);
    console.log('The secrets of the backup are in .env.');
  }
  return 0;
}

// Behind what is there: the last line of a name counts.
function addToEnv(text) {
  const file = join(root, '.env');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(`${file}.new`, `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${text}`, {
    mode: 0o600,
  });
  renameSync(`${file}.new`, file);
}
