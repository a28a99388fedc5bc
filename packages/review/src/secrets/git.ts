import { spawn } from 'node:child_process';
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

// Nothing that a repository's own configuration names is started, and nothing of it hides a part of the history.
const safely = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=false',
  'core.commitGraph=false',
  'core.untrackedCache=false',
  'protocol.allow=never',
  'safe.directory=*',
  // A folder with the looks of a repository would stand for the one that it lies in.
  'safe.bareRepository=explicit',
].flatMap((setting) => ['-c', setting]);

const variables = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  // Overrides `protocol.<name>.allow` as well: a missing object is fetched from nowhere.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  LC_ALL: 'C',
};

const mostComplaints = 4_096;

/** Where git is called, and with what. */
export interface GitPlace {
  cwd: string;
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

export interface RunningGit {
  input: Writable;
  output: Readable;
  ended: Promise<number | null>;
  /** Whether it has warned of something, which is no failure for it. */
  hasWarned: () => boolean;
  kill: () => void;
}

/** Starts git; its standard output is to be read. */
export function startGit(args: readonly string[], { cwd, env, signal }: GitPlace): RunningGit {
  const child = spawn('git', [...safely, '--no-pager', ...args], {
    cwd,
    env: { ...env, ...variables, ...workTree(cwd) },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
  });
  // It has ended before it has read everything: its exit code says more.
  child.stdin.on('error', () => undefined);
  let complaints = '';
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    if (complaints.length < mostComplaints) complaints += text.slice(0, mostComplaints);
  });
  return {
    input: child.stdin,
    output: child.stdout,
    ended,
    hasWarned: () => /^(?:warning|error|fatal): /m.test(complaints),
    kill: () => child.kill('SIGKILL'),
  };
}

// Where `.git` is, whatever `core.worktree` and `core.bare` say: they would lead git away from the files of the project.
function workTree(cwd: string): Record<string, string> {
  try {
    for (let folder = realpathSync(cwd); ; folder = dirname(folder)) {
      if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined)
        return { GIT_WORK_TREE: folder };
      if (folder === dirname(folder)) return {};
    }
  } catch {
    return {};
  }
}

// The names of a million files.
const maxBytes = 128 * 1024 * 1024;

/**
 * What git answers, each byte a character: names of files are bytes.
 *
 * @param warned told when git left something out, which is no failure for it
 * @returns undefined when it fails, or is not there
 */
export async function gitAnswer(
  args: readonly string[],
  place: GitPlace,
  warned: () => void = () => undefined,
): Promise<string | undefined> {
  const git = started(args, place);
  if (git === undefined) return undefined;
  const { input, output, ended, hasWarned, kill } = git;
  input.end();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) kill();
    else chunks.push(chunk);
  }
  if ((await ended) !== 0) return undefined;
  if (hasWarned()) warned();
  return Buffer.concat(chunks).toString('latin1');
}

// Some faults are thrown: a folder that is a file.
function started(args: readonly string[], place: GitPlace): RunningGit | undefined {
  try {
    return startGit(args, place);
  } catch {
    return undefined;
  }
}

/** What git lists, separated by NUL; undefined where the folder is in no repository, or git is not there. */
export const gitList = async (
  args: readonly string[],
  place: GitPlace,
  warned?: () => void,
): Promise<string[] | undefined> =>
  (await gitAnswer(args, place, warned))?.split('\0').filter((name) => name !== '');
