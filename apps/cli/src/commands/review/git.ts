import { execFile } from 'node:child_process';
import process from 'node:process';
import { keptTo, repositoryRoot } from '@actp/review/secrets/repository-root';
import { CliError } from '../../cli-error.ts';

const maxBytes = 64 * 1024 * 1024;

// By name as well: what a repository allows for one of them counts more than what holds for all.
const protocols = ['', 'ext', 'fd', 'file', 'ftp', 'ftps', 'git', 'http', 'https', 'ssh'];

// Nothing of what a repository can have git carry out, no objects in the place of others, and none that are fetched only now: the address
// may be a command.
const quiet = [
  ...protocols.flatMap((name) => ['-c', `protocol.${name === '' ? '' : `${name}.`}allow=never`]),
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  // They can keep files from being named.
  '-c',
  'core.untrackedCache=false',
  '-c',
  'core.ignoreCase=false',
  '-c',
  'core.excludesFile=/dev/null',
  '--no-optional-locks',
  '--no-replace-objects',
];

/**
 * Runs git without what a repository can have it carry out, on the folder that was named and no other.
 *
 * @param settings variables of the environment, for this call
 * @throws CliError with what git says
 */
export function git(
  folder: string,
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((done, fail) => {
    const all = [...quiet, ...keptTo(folder), ...words];
    const env = { ...process.env, ...settings };
    execFile('git', all, { cwd: folder, env, maxBuffer: maxBytes }, (error, out, problem) => {
      if (error === null) done(out);
      else {
        const line = problem.trim().split('\n')[0] ?? '';
        fail(new CliError(`git ${words[0] ?? ''}: ${line === '' ? error.message : line}`, { cause: error }));
      }
    });
  });
}

/** The folder of the repository around a folder. @throws CliError where there is none */
export async function gitRoot(folder: string): Promise<string> {
  const root = repositoryRoot(folder);
  if (root === undefined) throw new CliError('Not in a git repository.');
  await git(root, ['rev-parse', '--git-dir']);
  return root;
}
