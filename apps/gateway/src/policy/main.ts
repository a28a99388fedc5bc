import process from 'node:process';
import { AppError, messageOf } from '@actp/shared/errors';
import { check } from './check.ts';
import { commandLine } from './command-line.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { schema } from './schema.ts';

// npm run policy. Exit code 0: done; 1: the policy is not valid; 2: it could not be done.
try {
  const line = commandLine(process.argv.slice(2), process.env);
  const commands = { check, explain, diff, schema };
  process.exitCode = await commands[line.command](line, (text) => process.stdout.write(`${text}\n`));
} catch (error) {
  const fields = error instanceof AppError ? error.fields.map((f) => `\n  ${f.field}: ${f.message}`) : [];
  process.stderr.write(`${messageOf(error)}${fields.join('')}\nTry: npm run policy -- --help\n`);
  process.exitCode = 2;
}
