import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isRequirementsFile, lockFileNames } from '@actp/review/lock-files/read-lock-file';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';

export interface LockFileText {
  /** Relative to the project, or its name. */
  path: string;
  text: string;
}

/** A lock file before and after. */
export interface LockFilePair {
  path: string;
  before: LockFileText | undefined;
  after: LockFileText;
}

export interface ChangedLockFiles {
  /** The project's folder, absolute. */
  root: string;
  pairs: LockFilePair[];
}

const maxBytes = 64 * 1024 * 1024;

/** Two files that are named. @throws CliError for one that cannot be read */
export async function namedLockFiles(before: string, after: string): Promise<ChangedLockFiles> {
  const [old, now] = await Promise.all([read(before), read(after)]);
  return { root: resolve(after, '..'), pairs: [{ path: now.path, before: old, after: now }] };
}

/**
 * The lock files of the git repository around a folder that differ from a commit, untracked ones included.
 *
 * @param base the common ancestor of this and HEAD is what counts; undefined: HEAD itself
 * @throws CliError where there is no repository or no such commit, and for a lock file that is gone
 */
export async function gitLockFiles(folder: string, base: string | undefined): Promise<ChangedLockFiles> {
  const root = (await git(folder, ['rev-parse', '--show-toplevel'])).trimEnd();
  const from = base === undefined ? 'HEAD' : ['merge-base', '--end-of-options', base, 'HEAD'];
  const commit = (await git(root, Array.isArray(from) ? from : ['rev-parse', '--verify', from])).trim();
  // All are compared by their content: the index can be told to take a file as unchanged.
  const [committed, indexed, untracked] = await Promise.all([
    git(root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]),
    git(root, ['ls-files', '-z', '--cached']),
    git(root, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  const paths = [...new Set(`${committed}${indexed}${untracked}`.split('\0'))].filter((path) =>
    isLockFile(basename(path)),
  );
  const pairs = paths.toSorted().map(async (path): Promise<LockFilePair[]> => {
    const before = await git(root, ['show', `${commit}:${path}`]).catch(() => undefined);
    const staged = await git(root, ['show', `:${path}`]).catch(() => undefined);
    const after = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (after === undefined) {
      throw new CliError(
        `${path} is gone, so that nothing holds its packages.\nCompare it with what replaces it: --before <file> --after <file>`,
      );
    }
    // What is staged is what the next commit takes.
    const texts = new Set(staged === undefined ? [after] : [after, staged]);
    texts.delete(before ?? '\0');
    const old = before === undefined ? undefined : { path, text: before };
    return [...texts].map((text) => ({ path, before: old, after: { path, text } }));
  });
  return { root, pairs: (await Promise.all(pairs)).flat() };
}

const isLockFile = (name: string) =>
  lockFileNames.some((known) => known === name) || isRequirementsFile(name);

async function read(path: string): Promise<LockFileText> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CliError(`Cannot read ${path}: ${messageOf(error)}`, { cause: error });
  });
  return { path: basename(path), text };
}

/** Runs git without what a repository can have it carry out. @throws CliError with what git says */
function git(folder: string, words: readonly string[]): Promise<string> {
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-optional-locks'];
  return new Promise((done, fail) => {
    execFile('git', [...quiet, ...words], { cwd: folder, maxBuffer: maxBytes }, (error, out, problem) => {
      if (error === null) done(out);
      else {
        const line = problem.trim().split('\n')[0] ?? '';
        fail(new CliError(`git ${words[0] ?? ''}: ${line === '' ? error.message : line}`, { cause: error }));
      }
    });
  });
}
