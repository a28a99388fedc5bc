import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { commands } from './commands.ts';
import { runCli } from './run-cli.ts';

export interface InProcessOptions {
  /** The repository root: where `.env` is. */
  root: string;
  env?: Record<string, string>;
  /** What is piped in. */
  input?: string;
}

/** Runs a command line in this process, with nothing of our environment. */
export async function runInProcess(
  words: readonly string[],
  { root, env = {}, input = '' }: InProcessOptions,
) {
  const [typed, out, err] = [new PassThrough(), new PassThrough(), new PassThrough()];
  typed.end(input);
  const code = await runCli(words, commands, {
    root,
    environment: env,
    input: typed as unknown as NodeJS.ReadStream,
    out: out as unknown as NodeJS.WriteStream,
    err: err as unknown as NodeJS.WriteStream,
  });
  out.end();
  err.end();
  return { code, out: await text(out), err: await text(err) };
}
