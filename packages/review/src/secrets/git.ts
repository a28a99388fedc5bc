import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

// Nothing that a repository's own configuration names is started.
const safely = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'protocol.allow=never',
  '-c',
  'safe.directory=*',
  '--no-pager',
];

/** Starts git in a folder; its standard output is to be read. */
export function startGit(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): { output: Readable; ended: Promise<number | null>; kill: () => void } {
  const child: ChildProcessByStdio<null, Readable, null> = spawn('git', [...safely, ...args], {
    cwd,
    env: { ...env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
  });
  return { output: child.stdout, ended, kill: () => child.kill('SIGKILL') };
}

// The names of a million files.
const maxBytes = 128 * 1024 * 1024;

/** What git lists, separated by NUL; undefined where the folder is in no repository, or git is not there. */
export async function gitList(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const { output, ended, kill } = startGit(args, cwd, env, signal);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) kill();
    else chunks.push(chunk);
  }
  if ((await ended) !== 0) return undefined;
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\0')
    .filter((name) => name !== '');
}
