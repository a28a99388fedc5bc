import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileAt, type BytePath } from './byte-path.ts';
import { gitAnswer, gitList, type GitPlace } from './git.ts';
import { walkFiles } from './walk-files.ts';

export interface FileList {
  /** Relative to the root. */
  files: BytePath[];
  /** Tracked by git; undefined where git does not say. */
  tracked: ReadonlySet<BytePath> | undefined;
  /** What git would take with the next `git add`: less than all that is untracked, for a configuration of this machine may hide some. */
  offered: ReadonlySet<BytePath>;
  /** Repositories within this one: submodules, and such as were cloned into it; with a slash at the end. */
  nested: BytePath[];
  /** Why it is not all. */
  reasons: string[];
}

const mostFiles = 500_000;
const deepest = 5;
const gitlink = '160000';

/** The files of a project: what git tracks, and all else that no `.gitignore` names; or, without git, all but what others have made. */
export async function listFiles(root: string, place: GitPlace, depth = 0): Promise<FileList> {
  const reasons: string[] = [];
  const warned = () => void reasons.push('git cannot read every folder');
  const index = await readIndex(place);
  const untracked = async (excluding: string, ...settings: string[]) =>
    index && (await gitList([...settings, 'ls-files', '-z', '--others', excluding], place, warned));
  const others = await untracked('--exclude-standard');
  // `core.excludesFile` and `.git/info/exclude` hide from git what nobody who reads the repository knows to be hidden.
  const seen = await untracked('--exclude-per-directory=.gitignore', '-c', 'core.ignoreCase=false');
  if (index === undefined || others === undefined || seen === undefined)
    return withoutGit(root, place.signal);
  const links = index.filter(({ mode }) => mode === gitlink).map(({ path }) => `${path}/`);
  const tracked = new Set(index.filter(({ mode }) => mode !== gitlink).map(({ path }) => path));
  const offered = new Set(others.filter((path) => !path.endsWith('/')));
  const files = new Set([...tracked, ...offered, ...seen.filter((path) => !path.endsWith('/'))]);
  const list: FileList = { files: [], tracked, offered, nested: [], reasons };
  // A project in a folder that the repository around it ignores: git would name nothing of it.
  if ((await gitAnswer(['check-ignore', '--no-index', '--quiet', '.'], place)) !== undefined) {
    const all = await withoutGit(root, place.signal);
    return { ...list, files: [...new Set([...files, ...all.files])], reasons: [...reasons, ...all.reasons] };
  }
  for (const folder of new Set([...links, ...[...others, ...seen].filter((path) => path.endsWith('/'))])) {
    await addNested(list, { files, tracked, offered }, folder, { root, place, depth });
  }
  list.files = [...files];
  return list;
}

async function addNested(
  list: FileList,
  sets: Record<'files' | 'tracked' | 'offered', Set<BytePath>>,
  folder: BytePath,
  { root, place, depth }: { root: string; place: GitPlace; depth: number },
): Promise<void> {
  // A submodule that was not fetched has none.
  if (!(await exists(fileAt(root, `${folder}.git`)))) return;
  const path = Buffer.from(folder, 'latin1').toString('utf8');
  if (depth >= deepest || Buffer.from(path, 'utf8').toString('latin1') !== folder) {
    list.reasons.push('a repository within this one could not be looked at');
    return;
  }
  const within = join(root, path);
  const inner = await listFiles(within, { ...place, cwd: within }, depth + 1);
  for (const name of ['files', 'tracked', 'offered'] as const) {
    for (const file of inner[name] ?? []) sets[name].add(`${folder}${file}`);
  }
  list.nested.push(folder, ...inner.nested.map((name) => `${folder}${name}`));
  list.reasons.push(...inner.reasons);
}

/** What the index of git holds. */
export async function readIndex(
  place: GitPlace,
): Promise<Array<{ mode: string; object: string; path: BytePath }> | undefined> {
  const entries = await gitList(['ls-files', '-z', '--stage'], place);
  return entries?.map((entry) => {
    const tab = entry.indexOf('\t');
    const [mode = '', object = ''] = entry.slice(0, tab).split(' ');
    return { mode, object, path: entry.slice(tab + 1) };
  });
}

async function withoutGit(root: string, signal: AbortSignal): Promise<FileList> {
  const { files, unread } = await walkFiles(root, mostFiles, signal);
  const reasons = files.length > mostFiles ? [`only the first ${mostFiles} files are read`] : [];
  if (unread > 0) reasons.push(`${unread} folders cannot be read`);
  return { files: files.slice(0, mostFiles), tracked: undefined, offered: new Set(), nested: [], reasons };
}

const exists = (path: string | Buffer) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Whether a folder is in a repository, whatever git says of it. */
export async function isInRepository(root: string): Promise<boolean> {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}
