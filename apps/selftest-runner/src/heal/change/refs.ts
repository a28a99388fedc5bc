import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { headOf } from './checkout.ts';
import { gitWithin, type Git } from './git.ts';
import { listedPath } from './shown-path.ts';
import type { Tree } from './tree.ts';

/** What one repository has beside files. */
export interface Refs {
  /** Its directory relative to the root of the tree; empty when it is the root. */
  path: string;
  /** The branch under work, or the commit where there is none; empty before the first commit. */
  head: string;
  /** Branches, tags, notes, the newest stash: the objects that they name. */
  names: Record<string, string>;
  /** git's list of the stashes, as it stands in its file; null when there is none. */
  stashes: string | null;
}

export interface RefChange {
  path: string;
  /** `HEAD`, or a name in full. */
  ref: string;
  was: string;
  /** Null when it is gone. */
  is: string | null;
}

const stash = 'refs/stash';
// Made again by the next `git fetch`, which editors call on their own.
const fetched = /^refs\/(?:remotes|prefetch)\//;

/** The repositories of a checkout: its own, where it has one, and those within, submodules among them. */
export function repositoriesIn(tree: Tree, inGit: boolean): string[] {
  const within = Object.keys(tree).flatMap((path) => {
    const directory = path.endsWith('/.git') ? path.slice(0, -'/.git'.length) : null;
    return directory !== null && tree[directory]?.kept === true ? [directory] : [];
  });
  return [...(inGit ? [''] : []), ...within];
}

/** @returns null when there is no repository in that place */
async function takeRefs(git: Git, root: string, path: string): Promise<Refs | null> {
  const place = join(root, path);
  const own = gitWithin(git, place);
  const listed = await own.run(place, ['for-each-ref', '--format=%(HEAD)%(refname) %(objectname)']);
  if (listed === null) return null;
  const names: Record<string, string> = {};
  let head = '';
  for (const line of listed.split('\n')) {
    const [name = '', object = ''] = line.slice(1).split(' ');
    if (line.startsWith('*')) head = name;
    if (name !== '' && !fetched.test(name)) names[name] = object;
  }
  if (head === '') {
    const at = await headOf(own, place);
    head = at?.branch ?? at?.head ?? '';
  }
  return { path, head, names, stashes: stash in names ? await readStashes(own, place) : null };
}

export async function takeAllRefs(git: Git, root: string, paths: readonly string[]): Promise<Refs[]> {
  const taken: Refs[] = [];
  for (const path of paths) {
    const refs = await takeRefs(git, root, path);
    if (refs !== null) taken.push(refs);
  }
  return taken;
}

/** Those of repositories within a checkout, submodules among them. */
export const nestedRefs = (refs: readonly Refs[]): Refs[] => refs.filter(({ path }) => path !== '');

/** What is gone or names something else; a new name takes nothing away. */
export async function refChanges(git: Git, root: string, before: readonly Refs[]): Promise<RefChange[]> {
  const changes: RefChange[] = [];
  for (const was of before) {
    const { path } = was;
    const is = await takeRefs(git, root, path);
    if (is === null) {
      changes.push({ path, ref: 'HEAD', was: was.head, is: null });
      continue;
    }
    if (is.head !== was.head) changes.push({ path, ref: 'HEAD', was: was.head, is: is.head });
    for (const [ref, object] of Object.entries(was.names)) {
      const now = is.names[ref] ?? null;
      if (now !== object) changes.push({ path, ref, was: object, is: now });
      else if (ref === stash && is.stashes !== was.stashes)
        changes.push({ path, ref: 'older stashes', was: object, is: null });
    }
  }
  return changes;
}

/** For people: the name, and what it named, so that nothing is lost to them. */
export function refText({ path, ref, was, is }: RefChange): string {
  const what = is === null ? `was ${short(was)}, is gone` : `was ${short(was)}, is ${short(is)}`;
  return `${path === '' ? '' : `${listedPath(path)}: `}${listedPath(ref)} (${what})`;
}

const short = (name: string) => (/^[0-9a-f]{40,}$/.test(name) ? name.slice(0, 12) : name);

/**
 * Puts back what every name named. A branch that another worktree works on now is left as it is: moving it would take its files
 * for changes.
 *
 * @param except a name of our own making
 * @returns what could not be put back
 */
export async function restoreRefs(
  git: Git,
  root: string,
  before: readonly Refs[],
  except: string | null,
): Promise<string[]> {
  const ours = ({ path, ref }: RefChange) => path === '' && ref === except;
  const changes = (await refChanges(git, root, before)).filter((change) => !ours(change));
  if (changes.length === 0) return [];
  for (const { path, ref, was } of changes) {
    const place = join(root, path);
    const own = gitWithin(git, place);
    if (ref === 'HEAD') await setHead(own, place, was);
    else if (ref.startsWith('refs/') && !(await isUnderWorkElsewhere(own, place, ref)))
      await setRef(own, place, ref, was);
  }
  for (const { path, stashes } of before) {
    if (stashes === null || !changes.some((change) => change.path === path)) continue;
    const place = join(root, path);
    await writeFile(await stashFile(gitWithin(git, place), place), stashes).catch(() => undefined);
  }
  return (await refChanges(git, root, before)).filter((change) => !ours(change)).map(refText);
}

async function setHead(git: Git, place: string, to: string): Promise<void> {
  await git.run(
    place,
    to.startsWith('refs/') ? ['symbolic-ref', 'HEAD', to] : ['update-ref', '--no-deref', 'HEAD', to],
  );
}

async function setRef(git: Git, place: string, ref: string, to: string): Promise<void> {
  const set = () => git.run(place, ['update-ref', '--no-deref', ref, to]);
  if ((await set()) !== null) return;
  // `a` cannot be there beside `a/b`, which was made in its place.
  const listed = (await git.run(place, ['for-each-ref', '--format=%(refname)'])) ?? '';
  for (const other of listed.split('\n')) {
    if (other.startsWith(`${ref}/`) || (other !== '' && ref.startsWith(`${other}/`)))
      await git.run(place, ['update-ref', '--no-deref', '-d', other]);
  }
  await set();
}

async function isUnderWorkElsewhere(git: Git, place: string, ref: string): Promise<boolean> {
  const listed = (await git.run(place, ['worktree', 'list', '--porcelain'])) ?? '';
  return listed
    .split('\n\n')
    .some((worktree) => !worktree.startsWith(`worktree ${place}\n`) && worktree.includes(`\nbranch ${ref}`));
}

async function stashFile(git: Git, place: string): Promise<string> {
  const path = (await git.run(place, ['rev-parse', '--git-path', `logs/${stash}`]))?.replace(/\n$/, '');
  return resolve(place, path === undefined || path === '' ? `.git/logs/${stash}` : path);
}

async function readStashes(git: Git, place: string): Promise<string | null> {
  return readFile(await stashFile(git, place), 'utf8').catch(() => null);
}
