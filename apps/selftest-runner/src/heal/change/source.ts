import { join } from 'node:path';
import { soundsLikeCache } from './caches.ts';
import { gitWithin, type Git } from './git.ts';

/** What git knows of a repository, by paths relative to the root of the tree. */
export interface Source {
  has(path: string): boolean;
  /** What is below a directory that may be a cache. */
  below(directory: string): 'tracked' | 'untracked' | 'none';
}

/**
 * What git has, or would take: everything else was made and is ignored.
 *
 * @param prefix of a repository within: its directory, relative to the root of the tree
 * @returns null when git does not say
 */
export async function sourceOf(git: Git, root: string, prefix = ''): Promise<Source | null> {
  const args = ['ls-files', '-t', '-z', '--cached', '--others', '--exclude-standard'];
  const place = join(root, prefix);
  const listed = await gitWithin(git, place).run(place, args);
  if (listed === null) return null;
  const paths = new Set<string>();
  const caches = new Map<string, 'tracked' | 'untracked'>();
  for (const line of listed.split('\0')) {
    if (line === '') continue;
    const path = prefix === '' ? line.slice(2) : `${prefix}/${line.slice(2)}`;
    paths.add(path);
    const parts = path.split('/');
    for (let at = 0; at < parts.length - 1; at += 1) {
      if (!soundsLikeCache(parts[at] ?? '')) continue;
      const directory = parts.slice(0, at + 1).join('/');
      if (!line.startsWith('?')) caches.set(directory, 'tracked');
      else if (!caches.has(directory)) caches.set(directory, 'untracked');
    }
  }
  return { has: (path) => paths.has(path), below: (directory) => caches.get(directory) ?? 'none' };
}
