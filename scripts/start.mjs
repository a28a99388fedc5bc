// npm start. Plain JavaScript without dependencies, for any Node.js from 20 on: what it needs is not installed yet.
import process from 'node:process';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node.js ${process.versions.node} is too old: actp-worker needs Node.js 20 or later.`);
  console.error('Install a newer one from https://nodejs.org and start again.');
  process.exit(1);
}
if (process.platform === 'win32') {
  console.error('actp-worker runs on Linux and macOS. On Windows, start it inside WSL.');
  process.exit(1);
}

// Only now, so that an old Node.js says so instead of stumbling over their syntax.
const { readOptions } = await import('./usage.mjs');
const { ensureInstalled } = await import('./install.mjs');
const { runSupervisor } = await import('./run-supervisor.mjs');

readOptions(process.argv.slice(2));
await ensureInstalled();
runSupervisor();
