// npm run test:compose. Plain JavaScript without dependencies, for any Node.js from 20 on: what it needs may not be installed yet.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { compileCache, node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run test:compose [-- options]

Starts the whole plane of docker-compose.yml from nothing, as a project of its own, works with it through the published port, kills containers
at random and restarts all of it while it works, upgrades it, backs it up and restores it into an empty one; then checks that nothing
that was acknowledged is lost, and what listens where. Prints a table, and the same as JSON. Everything is removed at the end.

Without a Docker engine it installs Debian's (as root, with apt-get) and runs one of its own in a temporary folder; base images that cannot
be pulled are built from Debian's packages and those of npm.

Options:
  --kills N        containers that are killed, one after the other (50)
  --restarts N     restarts of the whole (5)
  --seed N         chooses which are killed (1)
  --before REF     the Git revision whose images are upgraded (the one before this)
  --json FILE      also write the result there
  --engine FOLDER  where an engine of its own keeps its data; stays there, so that the next run is faster
  --no-build       take the images of the last run, where they still are
  -h, --help       show this text

Exit code: 0 when everything holds, 1 when something does not, 2 for a wrong option, 130 after Ctrl-C.
`;

const options = {
  help: { type: 'boolean', short: 'h' },
  kills: { type: 'string' },
  restarts: { type: 'string' },
  seed: { type: 'string' },
  before: { type: 'string' },
  json: { type: 'string' },
  engine: { type: 'string' },
  'no-build': { type: 'boolean' },
};
const words = process.argv.slice(2);
try {
  const { values } = parseArgs({ args: words, options });
  for (const name of ['kills', 'restarts', 'seed']) {
    if (values[name] !== undefined && !/^\d{1,6}$/.test(values[name]))
      throw new Error(`--${name} must be a number`);
  }
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
} catch (error) {
  process.stderr.write(`${error.message}\nTry: npm run test:compose -- --help\n`);
  process.exit(2);
}

await ensureInstalled();
const child = spawn(node24, [join('e2e', 'src', 'compose', 'main.ts'), ...words], {
  cwd: repositoryRoot,
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
