import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git.ts';

/** What is in a commit, in the index and in the working tree of a repository, by path. */
export interface RepositoryContent {
  files: ReadonlySet<string>;
  /** The commits of submodules: those of the commit, and those that the next one would have. */
  submodules: ReadonlyMap<string, { before: string | undefined; now: string | undefined }>;
  /** Folders that are repositories of their own. */
  inner: readonly string[];
}

/** Of no commit at all. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const submoduleMode = '160000';

/** @param commit what the change began with */
export async function contentOf(root: string, commit: string): Promise<RepositoryContent> {
  // All are compared by their content: the index can be told to take a file as unchanged.
  const [committed, indexed, others, untracked] = await Promise.all([
    git(root, ['ls-tree', '-r', '-z', '--full-tree', commit]),
    git(root, ['ls-files', '-z', '--stage']),
    // A file that is ignored by itself is named, one in a folder that is ignored is not.
    git(
      root,
      [
        'status',
        '-z',
        '--porcelain',
        '--no-renames',
        '--untracked-files=all',
        '--ignored=matching',
        '--ignore-submodules=all',
      ],
      // By names alone: whatever is in an index is compared by content, through filters, which are programs that the repository configures.
      { GIT_INDEX_FILE: join(tmpdir(), `actp-no-index-${randomUUID()}`) },
    ),
    // What is ignored by files of the repository alone: `info/exclude` is no part of what is reviewed, and hides nothing.
    git(root, ['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore']),
  ]);
  const before = entriesOf(committed, /^(\d+) \w+ (\w+)\t(.+)$/s);
  const now = entriesOf(indexed, /^(\d+) (\w+) \d\t(.+)$/s);
  const beside = [
    ...others
      .split('\0')
      .filter((line) => /^(?:\?\?|!!) /.test(line))
      .map((line) => ({ ignored: line.startsWith('!'), path: line.slice(3) })),
    ...untracked
      .split('\0')
      .filter((path) => path !== '')
      .map((path) => ({ ignored: false, path })),
  ];
  const submodules = new Map<string, { before: string | undefined; now: string | undefined }>();
  for (const { mode, path } of [...before, ...now]) {
    if (mode !== submoduleMode) continue;
    const commitIn = (entries: readonly Entry[]) =>
      entries.find((entry) => entry.path === path && entry.mode === mode)?.object;
    submodules.set(path, { before: commitIn(before), now: commitIn(now) });
  }
  return {
    files: new Set([
      ...[...before, ...now].filter(({ mode }) => mode !== submoduleMode).map(({ path }) => path),
      ...beside.map(({ path }) => path).filter((path) => !path.endsWith('/')),
    ]),
    submodules,
    inner: beside
      .filter(({ ignored, path }) => !ignored && path.endsWith('/') && !submodules.has(path.slice(0, -1)))
      .map(({ path }) => path),
  };
}

interface Entry {
  mode: string;
  object: string;
  path: string;
}

const entriesOf = (text: string, line: RegExp): Entry[] =>
  text.split('\0').flatMap((written) => {
    const [, mode = '', object = '', path] = line.exec(written) ?? [];
    return path === undefined ? [] : [{ mode, object, path }];
  });
