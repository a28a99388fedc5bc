import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** Where a path leads, step by step. */
export interface Followed {
  /** Without links; null when nothing is there, or a link was not to be followed. */
  real: string | null;
  /** Every directory on the way, without links, the path itself included. */
  passed: string[];
  /** The link that was not to be followed. */
  refused: string | null;
}

// As many as the kernel follows.
const maxLinks = 40;

/**
 * Follows a path one name at a time, also through what its links say, and asks before it follows a link.
 *
 * @param path absolute; `..` in it goes back from where a link has led
 * @param mayFollow gets the link, in a directory without links, and the directories on the way to it
 */
export async function followPath(
  path: string,
  mayFollow: (link: string, passed: readonly string[]) => boolean | Promise<boolean>,
): Promise<Followed> {
  const names = namesOf(path);
  const passed = ['/'];
  let at = '/';
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const found = await lstat(next).catch(() => null);
    if (found === null) return { real: null, passed, refused: null };
    if (!found.isSymbolicLink()) {
      at = next;
      if (!passed.includes(at)) passed.push(at);
      continue;
    }
    links += 1;
    if (links > maxLinks) return { real: null, passed, refused: null };
    if (!(await mayFollow(next, passed))) return { real: null, passed, refused: next };
    const target = await readlink(next).catch(() => '');
    if (target.startsWith(sep)) at = '/';
    names.unshift(...namesOf(target));
  }
  return { real: at, passed, refused: null };
}

const namesOf = (path: string) => path.split(sep).filter((name) => name !== '' && name !== '.');
