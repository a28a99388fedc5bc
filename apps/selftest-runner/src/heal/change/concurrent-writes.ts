import type { Protection } from './protected-paths.ts';
import { program, type Tree } from './tree.ts';

/**
 * A file that somebody wrote while the tests ran, also where it was put back as it was: tests that pass then say nothing. What
 * tests write themselves is data, or what git does not know.
 *
 * @param first how everything was before the tests ran, `last` afterwards
 * @param files what the agent had changed by then
 * @returns its path; null when there is none
 */
export function findConcurrentWrite(
  first: Tree,
  last: Tree,
  files: readonly string[],
  given: { protection: Protection; inGit: boolean },
): string | null {
  const changed = new Set(files);
  const paths = new Set([...Object.keys(first), ...Object.keys(last)]);
  for (const path of paths) {
    const [was, is] = [first[path], last[path]];
    if ((is ?? was)?.type !== 'file' || (is ?? was)?.kept !== true) continue;
    const other = was?.digest !== is?.digest;
    const touched = other || was?.written !== is?.written;
    if (!touched) continue;
    if (changed.has(path) || given.protection.of(path) !== null) return path;
    // Without git nobody knows what a build has made; with it, what is committed is not made anew by tests.
    const known = (is ?? was)?.written !== undefined;
    if (known && program.test(path) && (given.inGit || other)) return path;
    // Of a checkout in which nothing had changed, the tests can only have passed because of this.
    if (known && other && files.length === 0 && was !== undefined) return path;
  }
  return null;
}
