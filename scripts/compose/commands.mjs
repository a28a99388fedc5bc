// The commands of npm run compose, by name; each takes words and gives an exit code.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from '../install.mjs';
import { node24, repositoryRoot as root } from '../paths.mjs';
import { backup, restore } from './backups.mjs';
import { waitReady } from './ready.mjs';
import { compose, ComposeError, mustCompose } from './run.mjs';

const run = async (words) => (await compose(words)).code;

async function up() {
  await mustCompose(['build']);
  await mustCompose(['up', '--detach', '--no-build', '--remove-orphans']);
  const url = await waitReady();
  console.log(`actp-worker is ready: ${url}\n  Dashboard  ${url}/dashboard\n  API        ${url}/docs`);
  console.log(
    '  Log in     operator@actp.local, password: npm run --silent compose -- secret OPERATOR_PASSWORD',
  );
  return 0;
}

export const commands = {
  async init() {
    await ensureInstalled();
    const program = join(root, 'apps', 'supervisor', 'src', 'containers', 'main.ts');
    return spawnSync(node24, [program, 'write-env'], { cwd: root, stdio: 'inherit' }).status ?? 1;
  },
  up,
  down: (words) => run(['down', '--remove-orphans', ...words]),
  logs: (words) => run(['logs', '--follow', '--tail', '100', ...words]),
  async status(words) {
    await mustCompose(['ps', ...words]);
    const url = await waitReady(0).catch(() => undefined);
    console.log(url === undefined ? '\nThe plane is not ready.' : `\nThe plane is ready: ${url}`);
    return url === undefined ? 1 : 0;
  },
  async secret([name = '']) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name))
      throw new ComposeError('Which secret? For instance OPERATOR_PASSWORD.', 2);
    // What .env sets wins over what was generated.
    const script =
      'v=$(printenv "$0") && [ -n "$v" ] && { echo "$v"; exit; }; cat "/secrets/generated/$0" && echo';
    return run(['run', '--rm', '--no-deps', '-T', '--entrypoint', 'sh', 'secrets', '-c', script, name]);
  },
  cli: (words) => run(['run', '--rm', ...(process.stdin.isTTY ? [] : ['-T']), 'cli', ...words]),
  backup: ([folder]) => backup(folder),
  async restore([file]) {
    const code = await restore(file);
    return code === 0 ? up() : code;
  },
  async upgrade() {
    if ((await backup()) !== 0)
      throw new ComposeError('Nothing was upgraded, since no backup could be written.');
    return up();
  },
};
