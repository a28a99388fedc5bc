import { resolve } from 'node:path';
import process from 'node:process';
import { commands } from './commands.ts';
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), commands, {
  root: resolve(import.meta.dirname, '../../..'),
  environment: process.env,
  input: process.stdin,
  out: process.stdout,
  err: process.stderr,
});
