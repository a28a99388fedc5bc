// npm run load. Plain JavaScript without dependencies, for any Node.js from 20 on: what it needs may not be installed yet.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { compileCache, node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run load [-- options]

Sends a mixed load at a fixed rate, whether the plane keeps up or not: guard requests, audit events, approvals that an operator decides or
that are pressed in Telegram, redeems and outcomes, tasks, reads, and a self-test every half minute. Latencies count from when a request was
to be sent. At the end it looks for everything that was acknowledged, and verifies the audit log.

Options:
  --rate N         requests a second (50)
  --minutes M      how long (1)
  --target URL     a plane that runs, with WORKER_SECRET, OPERATOR_EMAIL and OPERATOR_PASSWORD in the environment; REDIS_URL and
                   DATABASE_URL there have its stores looked at too. It keeps what is written, so use one that may be thrown away.
                   Without --target: a plane of its own, with stand-ins for Telegram and the web search, removed at the end
  --json FILE      also writes the result as JSON
  -h, --help       show this text

Exit code: 0 without an error and a loss; 1 otherwise, 2 for a wrong option, 130 after Ctrl-C.
`;

const string = { type: 'string' };
const options = {
  help: { type: 'boolean', short: 'h' },
  rate: string,
  minutes: string,
  target: string,
  json: string,
};
let values;
try {
  ({ values } = parseArgs({ args: process.argv.slice(2), options }));
} catch (error) {
  process.stderr.write(`${error.message}\nTry: npm run load -- --help\n`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
// Paths on the command line count from where npm was called.
if (values.json !== undefined) values.json = resolve(process.env.INIT_CWD ?? '.', values.json);

try {
  await ensureInstalled();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
const words = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
const child = spawn(node24, [join('e2e', 'src', 'load', 'main.ts'), ...words], {
  cwd: repositoryRoot,
  env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both processes; the program treats a repeated signal as one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
