import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';

/** One thing below the root. Its digest is of the content, of a link's target, or (`kept: false`) of what the disk says about it. */
export interface Entry {
  type: 'file' | 'directory' | 'link' | 'other';
  mode: number;
  size: number;
  digest: string;
  /** Part of the source: compared by content, copied, and put back. */
  kept: boolean;
}

/** Everything that is watched below a root, by path relative to it. */
export type Tree = Record<string, Entry>;

export interface TreeOptions {
  root: string;
  git: Git;
  inGit: boolean;
  /** Absolute paths that are not looked at: our own data, the suite's report. */
  skip: readonly string[];
  /** How it was: what is new, or has another size, has changed whatever it holds, and is not read. */
  known?: Tree;
}

export class TreeTooLarge extends Error {
  override readonly name = 'TreeTooLarge';
}

// What a laptop reads in some seconds; a checkout beyond it is not healed rather than watched in part.
const maxEntries = 400_000;
const maxBytes = 2 * 1024 * 1024 * 1024;
// An agent that has made more than this cannot be undone by us; it is said.
const maxEntriesAfter = 4 * maxEntries;
const maxDepth = 100;

// Written by every run of the tests, and never read by ours (see verify.ts).
const caches = new Set([
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.vite',
  '.vite-temp',
  '.vitest',
  '.nyc_output',
  '.turbo',
]);
// Too much to copy; that nothing changes there is seen from what the disk says.
const installed = new Set(['node_modules', '.venv', 'venv', 'site-packages', '.tox']);
// Of a repository, what makes git do things; objects and branches are git's own.
const watchedInGit = new Set(['config', 'hooks', 'info']);

/**
 * Takes the fingerprint of a checkout. Links are never followed.
 *
 * @throws TreeTooLarge when it is more than can be watched
 */
export async function takeTree({ root, git, inGit, skip, known }: TreeOptions): Promise<Tree> {
  const source = inGit ? await sourceFiles(git, root) : null;
  const tree: Tree = Object.create(null) as Tree;
  const skipped = new Set(skip);
  let [entries, bytes] = [0, 0];

  async function walk(
    directory: string,
    inside: { installed: boolean; gitDir: boolean },
    depth: number,
  ): Promise<void> {
    if (depth > maxDepth) throw new TreeTooLarge(`is nested deeper than ${maxDepth} directories`);
    const names = await readdir(join(root, directory)).catch(() => []);
    for (const name of names) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (skipped.has(join(root, path)) || caches.has(name)) continue;
      if (inside.gitDir && depth >= 1 && directory.split('/').at(-1) === '.git' && !watchedInGit.has(name))
        continue;
      const stat = await lstat(join(root, path), { bigint: true }).catch(() => null);
      if (stat === null) continue;
      entries += 1;
      if (entries > (known === undefined ? maxEntries : maxEntriesAfter))
        throw new TreeTooLarge(`has more than ${known === undefined ? maxEntries : maxEntriesAfter} files`);
      const here = {
        installed: inside.installed || installed.has(name),
        gitDir: inside.gitDir || name === '.git',
      };
      const type = stat.isFile()
        ? 'file'
        : stat.isDirectory()
          ? 'directory'
          : stat.isSymbolicLink()
            ? 'link'
            : 'other';
      // git lists no pipe and no device, and takes every directory as it comes.
      const listed = source === null || type === 'directory' || type === 'other' || source.has(path);
      const kept = here.gitDir || (!here.installed && listed);
      const was = known?.[path];
      const byContent =
        kept &&
        type === 'file' &&
        (known === undefined || (was?.type === 'file' && was.kept && was.size === Number(stat.size)));
      if (byContent) {
        bytes += Number(stat.size);
        if (bytes > maxBytes) throw new TreeTooLarge(`has more than ${maxBytes} bytes`);
      }
      tree[path] = {
        type,
        mode: Number(stat.mode & 0o7777n),
        size: Number(stat.size),
        kept,
        digest:
          type === 'directory'
            ? ''
            : type === 'link'
              ? await readlink(join(root, path)).catch(() => '?')
              : byContent
                ? await digestOf(join(root, path))
                : [stat.size, stat.mtimeNs, stat.ctimeNs, stat.ino].join(':'),
      };
      if (type === 'directory') await walk(path, here, depth + 1);
    }
  }
  await walk('', { installed: false, gitDir: false }, 0);
  return tree;
}

/** What git has, or would take: everything else was made and is ignored. */
async function sourceFiles(git: Git, root: string): Promise<ReadonlySet<string> | null> {
  const listed = await git.run(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return listed === null ? null : new Set(listed.split('\0'));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch (error) {
    // Gone, or not ours to read: it is the same as long as it stays so.
    return `unreadable:${error instanceof Error && 'code' in error ? String(error.code) : ''}`;
  }
}

export interface Change {
  path: string;
  kind: 'added' | 'changed' | 'removed';
  before: Entry | null;
  after: Entry | null;
}

/** What is different, by path; directories only count where something stands in their place. */
export function changesBetween(before: Tree, after: Tree): Change[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return paths.flatMap((path): Change[] => {
    const [was = null, is = null] = [before[path], after[path]];
    if (was === null && is !== null)
      return is.type === 'directory' ? [] : [{ path, kind: 'added', before: null, after: is }];
    if (was !== null && is === null)
      return was.type === 'directory' ? [] : [{ path, kind: 'removed', before: was, after: null }];
    if (was === null || is === null || same(was, is)) return [];
    return [{ path, kind: 'changed', before: was, after: is }];
  });
}

function same(a: Entry, b: Entry): boolean {
  if (a.type !== b.type) return false;
  if (a.type === 'directory') return true;
  // Whether git ignores a file can change without the file.
  if (a.kept !== b.kept) return a.size === b.size && a.mode === b.mode;
  return a.digest === b.digest && (a.type === 'link' || a.mode === b.mode);
}
