import { realpath } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import { includedName } from '@actp/review/lock-files/find-lock-files';
import { LockFileError } from '@actp/review/lock-files/lock-file';
import { leavesProject, projectPath } from '@actp/review/lock-files/paths';
import { isLockFile, isRequirementsFile } from '@actp/review/lock-files/lock-file-kinds';
import { readLockFile } from '@actp/review/lock-files/read-lock-file';
import { lockFileText } from '@actp/review/lock-files/regular-file';
import { messageOf } from '@actp/shared/errors';
import { CliError } from '../../cli-error.ts';
import { baseCommit } from './base-commit.ts';
import { git, gitRoot } from './git.ts';
import { contentOf, emptyTree } from './repository.ts';

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
  /** The name under which it is read, where that is not its own. */
  readAs: string | undefined;
  /** Whether what it takes in is compared as well. */
  includesCompared: boolean;
}

export interface ChangedLockFiles {
  pairs: LockFilePair[];
  /** The commit that they are compared with; undefined for files. */
  commit: string | undefined;
}

/** Two files that are named. @throws CliError for one that cannot be read */
export async function namedLockFiles(before: string, after: string): Promise<ChangedLockFiles> {
  const [old, now] = await Promise.all([read(before), read(after)]);
  const readAs = isRequirementsFile(resolve(after)) ? includedName : undefined;
  const pair = { path: now.path, before: old, after: now, readAs, includesCompared: false };
  return { commit: undefined, pairs: [pair] };
}

/**
 * The lock files of the git repository around a folder that differ from a commit: untracked ones, ignored ones, those of submodules, and
 * what requirements take in as well.
 *
 * @param base the common ancestor of this and HEAD is what counts; undefined: HEAD itself
 * @throws CliError where there is no repository or no such commit, for a lock file that is gone, and where not everything can be compared
 */
export async function gitLockFiles(folder: string, base: string | undefined): Promise<ChangedLockFiles> {
  const root = await gitRoot(folder);
  const words =
    base === undefined
      ? ['rev-parse', '--verify', 'HEAD^{commit}']
      : ['merge-base', await baseCommit(root, base), 'HEAD'];
  const commit = (await git(root, words)).trim();
  return { commit, pairs: await pairsOf(root, commit, '') };
}

interface Place {
  root: string;
  commit: string;
  /** The path of the repository in the one that is looked at. */
  prefix: string;
}

async function pairsOf(root: string, commit: string, prefix: string): Promise<LockFilePair[]> {
  const { files, submodules, inner } = await contentOf(root, commit);
  if (inner.length > 0) {
    throw new CliError(
      `${prefix}${inner[0]} is a repository of its own, whose lock files are not compared.\nRun the gate there, and have git ignore the folder here.`,
    );
  }
  const paths = [...files].filter((path) => isLockFile(path)).toSorted();
  const pairs = await pairsAndIncluded({ root, commit, prefix }, paths);
  for (const [path, commits] of submodules)
    pairs.push(...(await pairsOfSubmodule(root, prefix, path, commits)));
  return pairs;
}

async function pairsOfSubmodule(
  root: string,
  prefix: string,
  path: string,
  { before, now }: { before: string | undefined; now: string | undefined },
): Promise<LockFilePair[]> {
  const folder = join(root, path);
  const own = await gitRoot(folder).catch(() => undefined);
  if (own === undefined || (await realpath(folder)) !== own) {
    if (before === now) return [];
    throw new CliError(
      `${prefix}${path} (a submodule) is another commit than before, and is not checked out.\ngit submodule update --init`,
    );
  }
  const head = (await git(own, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim();
  if (now !== undefined && now !== head && now !== before) {
    throw new CliError(`${prefix}${path} (a submodule) is staged at another commit than is checked out.`);
  }
  return pairsOf(own, before ?? emptyTree, `${prefix}${path}/`);
}

/** Those that have changed, with what requirements among them take in. */
async function pairsAndIncluded(place: Place, paths: readonly string[]): Promise<LockFilePair[]> {
  const pairs: LockFilePair[] = [];
  const left = paths.map((path): Listed => ({ path, by: undefined }));
  const seen = new Set(paths);
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const texts = await textsOf(place, next);
    pairs.push(...changed(place, next, texts));
    if (next.by === undefined && !isRequirementsFile(next.path)) continue;
    for (const text of [texts.after, texts.staged, texts.before]) {
      for (const include of includesOf(next.path, text)) {
        if (leavesProject(include)) {
          throw new CliError(
            `${place.prefix}${next.path} takes in a file outside of the repository: ${include}`,
          );
        }
        if (seen.has(include)) continue;
        seen.add(include);
        left.push({ path: include, by: { path: next.path, isNow: text !== texts.before } });
      }
    }
  }
  return pairs;
}

interface Listed {
  path: string;
  /** The requirements file that takes it in, and whether it still does. */
  by: { path: string; isNow: boolean } | undefined;
}

interface Texts {
  before: string | undefined;
  staged: string | undefined;
  after: string | undefined;
}

async function textsOf({ root, commit, prefix }: Place, { path, by }: Listed): Promise<Texts> {
  const [before, staged, after] = await Promise.all([
    git(root, ['cat-file', 'blob', `${commit}:${path}`]).catch(() => undefined),
    git(root, ['cat-file', 'blob', `:${path}`]).catch(() => undefined),
    textAt(join(root, path), `${prefix}${path}`),
  ]);
  if (after === undefined && by === undefined) {
    throw new CliError(
      `${prefix}${path} is gone, so that nothing holds its packages.\nCompare it with what replaces it: --before <file> --after <file>`,
    );
  }
  if (after === undefined && by?.isNow === true) {
    throw new CliError(`${prefix}${path}, which ${prefix}${by.path} takes in, cannot be read.`);
  }
  return { before, staged, after };
}

function changed({ prefix }: Place, { path, by }: Listed, { before, staged, after }: Texts): LockFilePair[] {
  // What is staged is what the next commit takes.
  const texts = new Set([after, staged].filter((text) => text !== undefined && text !== before));
  const shown = `${prefix}${path}`;
  return [...texts].flatMap((text) =>
    text === undefined
      ? []
      : [
          {
            path: shown,
            before: before === undefined ? undefined : { path: shown, text: before },
            after: { path: shown, text },
            readAs: by === undefined ? undefined : includedName,
            includesCompared: true,
          },
        ],
  );
}

/** What a requirements file takes in, relative to its repository. One that is broken is refused when it is compared. */
function includesOf(path: string, text: string | undefined): string[] {
  if (text === undefined) return [];
  try {
    return readLockFile(path, text, includedName).includes.map((include) =>
      projectPath(posix.dirname(path), include),
    );
  } catch (error) {
    if (error instanceof LockFileError) return [];
    throw error;
  }
}

async function read(path: string): Promise<LockFileText> {
  const text = await textAt(resolve(path), path);
  if (text === undefined) throw new CliError(`Cannot read ${path}: there is no such file`);
  return { path: basename(path), text };
}

const textAt = (path: string, name: string): Promise<string | undefined> =>
  lockFileText(path).catch((error: unknown) => {
    throw new CliError(`${name} ${messageOf(error)}`, { cause: error });
  });
