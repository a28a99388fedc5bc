import { resolve } from 'node:path';
import process from 'node:process';
import { commands } from './commands.ts';
import { runCli } from './run-cli.ts';

// Who reads only the first lines (`| head`) has what they want.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

process.exitCode = await runCli(process.argv.slice(2), commands, {
  root: resolve(import.meta.dirname, '../../..'),
  environment: process.env,
  input: process.stdin,
  out: process.stdout,
  err: process.stderr,
});
