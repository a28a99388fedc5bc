import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { eventually } from '@actp/testing/eventually';

const main = join(import.meta.dirname, '../../apps/cli/src/main.ts');

export interface CliProcess {
  /** Waits until standard output or error has this. */
  wrote(text: string): Promise<unknown>;
  /** Writes to standard input. */
  type(text: string): void;
  /** Nothing more comes on standard input. */
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; out: string; problem: string }>;
}

export interface CliProcessOptions {
  env: Record<string, string>;
  /** The folder that it is called in. */
  cwd?: string;
  /** Runs it at a terminal, by `script` of util-linux; what it writes is all on standard output then. */
  terminal?: boolean;
}

/** The command line as a process of its own, to which a test can talk. */
export function startCli(
  words: readonly string[],
  { env, cwd, terminal = false }: CliProcessOptions,
): CliProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const command = [process.execPath, main, ...words];
  const quoted = command.map((word) => `'${word}'`).join(' ');
  const [program = '', ...args] = terminal ? ['script', '-qec', quoted, '/dev/null'] : command;
  const child = spawn(program, args, {
    env: { PATH, NODE_COMPILE_CACHE, TERM: 'xterm', ...env },
    ...(cwd !== undefined && { cwd }),
  });
  let [out, problem] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (problem += text));
  // It may have ended before it reads.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ code: number | null; out: string; problem: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, out, problem }));
  });
  return {
    wrote: (text) =>
      eventually(() => {
        if ((out + problem).includes(text)) return true;
        if (child.exitCode !== null) throw new Error(`it ended without “${text}”:\n${out}${problem}`);
        return false;
      }),
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs it with this on standard input, to its end. */
export function runCli(words: readonly string[], options: CliProcessOptions, input = '') {
  const cli = startCli(words, options);
  cli.type(input);
  cli.endInput();
  return cli.ended;
}
