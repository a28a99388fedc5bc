// npm run demo. Plain JavaScript without dependencies, for any Node.js from 20 on: what it needs may not be installed yet.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { node24, repositoryRoot } from './paths.mjs';

const usage = `Usage: npm run demo

An agent wants to send 25 direct messages and has to ask first. You approve or reject, in Telegram or with a command
that is shown; the agent acts once, and a second try is refused. Nothing is really sent, and nothing is approved automatically.
It needs a running plane: npm start, in another terminal. Ctrl-C cancels the approval.

Options:
  -h, --help     show this text

Environment (all optional; it takes precedence over .env):
  GATEWAY_HOST, GATEWAY_PORT    where the plane listens (127.0.0.1, 8787)
  WORKER_SECRET                 what agents authenticate with (npm start generates it into .env)
  NO_COLOR                      no colours
`;

for (const word of process.argv.slice(2)) {
  const asked = word === '-h' || word === '--help';
  if (asked) process.stdout.write(usage);
  else process.stderr.write(`Unknown option: ${word}\nTry: npm run demo -- --help\n`);
  process.exit(asked ? 0 : 2);
}
try {
  await ensureInstalled();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const child = spawn(node24, [join('examples', 'approval-demo', 'src', 'main.ts')], {
  cwd: repositoryRoot,
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both processes; the demo treats a repeated signal as one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
