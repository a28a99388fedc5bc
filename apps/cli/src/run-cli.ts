import { Command, CommanderError } from 'commander';
import { AppError, messageOf } from '@actp/shared/errors';
import { visibleText } from '@actp/shared/visible-text';
import { CliError } from './cli-error.ts';
import type { AddCommand } from './command.ts';
import type { LoadCommand } from './commands.ts';
import { npmCommand } from './npm-script.ts';
import { createRunningPlane } from './running-plane.ts';

export interface CliOptions {
  /** The repository root: where `.env` is. */
  root: string;
  environment: Record<string, string | undefined>;
  input: NodeJS.ReadStream;
  out: NodeJS.WriteStream;
  err: NodeJS.WriteStream;
}

/** Exit code of a command that could not be run. */
const failed = 2;

/**
 * Runs one command line.
 *
 * @param args the words after the program's name
 * @returns the exit code: 0 done, 2 not done, anything else as the command's --help says
 */
export async function runCli(
  args: readonly string[],
  commands: Readonly<Record<string, LoadCommand>>,
  { root, environment, input, out, err }: CliOptions,
): Promise<number> {
  let exitCode = 0;
  const program = new Command()
    .name('actp')
    .description('The command line of actp-worker.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(visibleText(text)),
    })
    .configureHelp({ commandUsage: (command) => npmCommand(wordsOf(command), usageOf(command)) })
    .helpCommand(false);
  const cli = {
    root,
    environment,
    input,
    out,
    err,
    plane: createRunningPlane(root, environment),
    say: (line: string) => void out.write(`${line}\n`),
    setExitCode: (code: number) => {
      exitCode = code;
    },
  };
  for (const add of await named(args, commands)) add(program, cli);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Commander has written the message.
      err.write(hint(program, args));
      return failed;
    }
    const fields = error instanceof AppError ? error.fields : [];
    const lines = fields.map(({ field, message }) => `\n  ${field}: ${message}`);
    // A message may name what strangers have written.
    err.write(visibleText(`${messageOf(error)}${lines.join('')}\n`));
    const misused = error instanceof CliError ? error.usage : fields.length > 0;
    if (misused) err.write(hint(program, args));
    return error instanceof CliError ? error.exitCode : failed;
  }
}

// The one that the first word names; all of them for what names none, such as --help.
async function named(
  [word]: readonly string[],
  commands: Readonly<Record<string, LoadCommand>>,
): Promise<AddCommand[]> {
  const one = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
  return Promise.all((one === undefined ? Object.values(commands) : [one]).map((load) => load()));
}

function hint(program: Command, args: readonly string[]): string {
  const group = program.commands.find((command) => command.name() === args[0]);
  const only = group?.commands.length === 1 ? group.commands[0] : group;
  return `Try: ${npmCommand(only === undefined ? [] : wordsOf(only), '--help')}\n`;
}

function wordsOf(command: Command): string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

function usageOf(command: Command): string {
  const group = command.commands.length > 0;
  const names = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [...(group ? ['<command>'] : names), '[options]'].join(' ');
}
