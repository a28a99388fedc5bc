// npm run app -- <name>: installs what is missing, and runs one app in the foreground.
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { runSupervisor } from './run-supervisor.mjs';

await ensureInstalled();
// Node itself would take --env-file, also behind the name of a script, but not behind `--`.
const words = process.argv.slice(2).filter((word, index) => index > 0 || word !== '--');
runSupervisor([join('apps', 'supervisor', 'src', 'single-app', 'main.ts'), '--', ...words]);
