import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isCache, soundsLikeCache } from './caches.ts';
import type { Git } from './git.ts';
import { sourceOf, type Source } from './source.ts';

/** One thing below the root. Its digest is of the content, of a link's target, or (`kept: false`) of what the disk says about it. */
export interface Entry {
  type: 'file' | 'directory' | 'link' | 'other';
  mode: number;
  size: number;
  digest: string;
  /** Part of the source: compared by content, copied, and put back. */
  kept: boolean;
  /** Of source that git knows: when it was last written in any way, which no program can set back. */
  written?: string;
  /** In a cache: written by every run of the tests, and removed where it is new (see caches.ts). */
  cache?: true;
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

// Too much to copy; that nothing changes there is seen from what the disk says.
const installed = new Set(['node_modules', '.venv', 'venv', 'site-packages', '.tox']);
// Of a repository, what makes git do things; objects and branches are git's own.
const watchedInGit = new Set(['config', 'hooks', 'info']);

// Programs are source also where git ignores them: tests load them all the same.
export const program =
  /\.(?:pyw?|[cm]?[jt]sx?|vue|svelte|sh|bash|rb|p[lm]|php|lua|go|rs|java|kts?|scala|groovy|cs|swift|exs?|clj|[ch]|cc|[ch]pp|wasm)$/i;

/**
 * Takes the fingerprint of a checkout. Links are never followed. A repository within is looked at as a whole: what git says
 * of it is the agent's to change.
 *
 * @throws TreeTooLarge when it is more than can be watched
 */
export async function takeTree({ root, git, inGit, skip, known }: TreeOptions): Promise<Tree> {
  const source = inGit ? await sourceOf(git, root) : null;
  const tree: Tree = Object.create(null) as Tree;
  const skipped = new Set(skip);
  let [entries, bytes] = [0, 0];

  async function walk(
    directory: string,
    above: { installed: boolean; gitDir: boolean; nested: Source | null; cache: boolean },
    depth: number,
  ): Promise<void> {
    if (depth > maxDepth) throw new TreeTooLarge(`is nested deeper than ${maxDepth} directories`);
    const names = await readdir(join(root, directory)).catch((): string[] => []);
    const begins = directory !== '' && names.includes('.git') && !above.gitDir && !above.installed;
    const inside = begins ? { ...above, nested: (await sourceOf(git, root, directory)) ?? unknown } : above;
    for (const name of names) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (skipped.has(join(root, path))) continue;
      if (inside.gitDir && !isWatchedInGit(path)) continue;
      const stat = await lstat(join(root, path), { bigint: true }).catch(() => null);
      // A name that is no text cannot be looked at, copied or removed by us: it is there, and that is seen.
      if (stat === null && name.includes('\uFFFD'))
        tree[path] = { type: 'other', mode: 0, size: 0, digest: '', kept: true };
      if (stat === null) continue;
      entries += 1;
      if (entries > (known === undefined ? maxEntries : maxEntriesAfter))
        throw new TreeTooLarge(`has more than ${known === undefined ? maxEntries : maxEntriesAfter} files`);
      const type = stat.isFile()
        ? 'file'
        : stat.isDirectory()
          ? 'directory'
          : stat.isSymbolicLink()
            ? 'link'
            : 'other';
      const here = {
        nested: inside.nested,
        installed: inside.installed || installed.has(name),
        gitDir: inside.gitDir || name === '.git',
        cache: inside.cache,
      };
      if (!here.cache && !here.gitDir && type === 'directory' && soundsLikeCache(name)) {
        const below = (here.nested ?? source)?.below(path) ?? null;
        here.cache = isCache(path, { installed: here.installed, source: below });
      }
      // git lists no pipe and no device, and takes every directory as it comes.
      const listed =
        (here.nested !== null && !here.cache) ||
        source === null ||
        type === 'directory' ||
        type === 'other' ||
        source.has(path) ||
        program.test(name);
      const kept = here.gitDir || (!here.installed && !here.cache && listed);
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
        ...(here.cache ? { cache: true } : {}),
        ...(kept && type === 'file' && here.nested === null && source?.has(path) !== false
          ? { written: String(stat.ctimeNs) }
          : {}),
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
  await walk('', { installed: false, gitDir: false, nested: null, cache: false }, 0);
  return tree;
}

// Nobody knows what is tracked there.
const unknown: Source = { has: () => false, below: () => 'untracked' };

// Of `.git`, and of what it keeps for submodules: what makes git do things. Objects and branches are looked at by git.
function isWatchedInGit(path: string): boolean {
  const parts = path.split('/');
  const inner = parts.slice(parts.lastIndexOf('.git') + 1);
  if (inner[0] !== 'modules') return inner[0] === undefined || watchedInGit.has(inner[0]);
  return !inner.some((name) => unwatchedInModules.has(name));
}
const unwatchedInModules = new Set([
  ...['objects', 'refs', 'logs', 'lfs', 'index', 'HEAD', 'packed-refs', 'worktrees', 'rr-cache'],
  ...[
    'ORIG_HEAD',
    'FETCH_HEAD',
    'COMMIT_EDITMSG',
    'MERGE_HEAD',
    'MERGE_MSG',
    'AUTO_MERGE',
    'shallow',
    'gc.log',
  ],
]);

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
