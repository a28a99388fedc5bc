// npm run app -- <name>: installs what is missing, and runs one app in the foreground.
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from './install.mjs';
import { runSupervisor } from './run-supervisor.mjs';

await ensureInstalled();
runSupervisor([join('apps', 'supervisor', 'src', 'single-app', 'main.ts'), ...process.argv.slice(2)]);
