import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf } from '@actp/shared/errors';
import { apps } from '../apps.ts';
import { appCommand } from './app-command.ts';
import { migrateName, readOptions, usage } from './options.ts';

// npm run app: one app by itself. The process here hands signals on, and ends with it.
const root = join(import.meta.dirname, '../../../..');
const names = apps.map(({ name }) => name);
// Behind the `--` that keeps Node from taking --env-file for its own.
const asked = readOptions(process.argv.slice(3), [...names, migrateName]);

if (asked.kind === 'help') {
  process.stdout.write(usage(names));
} else if (asked.kind === 'misused') {
  process.stderr.write(`${asked.problem}\n\n${usage(names)}`);
  process.exitCode = 2;
} else {
  try {
    const { args, env } = await appCommand(asked.name, asked.envFile, { root, apps, outside: process.env });
    // By the end of the channel it sees that we are gone, even after kill -9.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    // One app by itself has no settings to read again: who runs it starts it anew.
    process.on('SIGUSR2', () => undefined);
    process.on('SIGHUP', () => child.kill('SIGTERM'));
    process.on('disconnect', () => child.kill('SIGTERM'));
    child.once('exit', (code) => process.exit(code ?? 1));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
