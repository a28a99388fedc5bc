import { lstat, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { bytesOf, fileAt, shownPath, type BytePath } from './byte-path.ts';
import { gitList, type GitPlace } from './git.ts';
import { isInRepository, listFiles } from './list-files.ts';
import { isEnvFile } from './paths.ts';
import { safeName } from './scan-names.ts';

const source = 'env-files';

/** Files with settings that git tracks, that it would take with the next `git add`, or that others on this machine can read. */
export const envFiles: Source<ProjectState> = {
  name: source,
  withoutLockFiles: true,
  applies: () => true,
  async review({ root, env, signal }) {
    const place = { cwd: root, env, signal };
    const { files, tracked, offered, nested, reasons } = await listFiles(root, place);
    const ignored: BytePath[] = [];
    for (const folder of tracked === undefined ? [] : ['', ...nested]) {
      const incomplete = () => void reasons.push('git could not say all of what it ignores');
      const found = await ignoredIn(root, folder, place, incomplete);
      if (found === undefined) incomplete();
      ignored.push(...(found ?? []));
    }
    if (tracked === undefined && (await isInRepository(root))) {
      reasons.push('git could not say what it has: it is not installed, or cannot read the repository');
    }
    const observations: Observation[] = [];
    for (const path of new Set([...files, ...ignored])) {
      const shown = shownPath(path);
      if (!isEnvFile(shown) || /(?:^|\/)node_modules\//.test(shown)) continue;
      const { titles, unread } = await lookAt(root, path, { tracked, offered });
      observations.push(...titles.map(([severity, title]) => observe(safeName(path), severity, title)));
      if (unread) reasons.push(`${safeName(path)} cannot be looked at`);
    }
    return lookedExcept(source, observations, reasons);
  },
};

/** In a repository, or in one within it. */
async function ignoredIn(
  root: string,
  folder: BytePath,
  place: GitPlace,
  incomplete: () => void,
): Promise<BytePath[] | undefined> {
  const args = [
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--',
    ':(icase,glob)**/.env*',
  ];
  const cwd = fileAt(root, folder).toString('utf8');
  return (await gitList(args, { ...place, cwd }, incomplete))?.map((path) => `${folder}${path}`);
}

interface Known {
  tracked: ReadonlySet<BytePath> | undefined;
  offered: ReadonlySet<BytePath>;
}
type Titles = Array<[Observation['severity'], string]>;

async function lookAt(
  root: string,
  path: BytePath,
  known: Known,
): Promise<{ titles: Titles; unread: boolean }> {
  const file = fileAt(root, path);
  const titles: Titles = [];
  try {
    const entry = await lstat(file);
    const isLink = entry.isSymbolicLink();
    if (!isLink) titles.push(...byGit(path, known, ''));
    // Of a link, the file to which it leads has the rights.
    const found = isLink ? await stat(file) : entry;
    if (!found.isFile()) return { titles: [], unread: false };
    if ((found.mode & 0o044) !== 0) titles.push(['medium', 'can be read by other accounts']);
    if (isLink) titles.push(...byGit(await targetOf(root, file), known, 'leads to a file that '));
    return { titles, unread: false };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // A link that leads nowhere, or deleted in the working tree, where git may have it all the same.
    if (code === 'ENOENT' || code === 'ENOTDIR') titles.push(...byGit(path, known, ''));
    return { titles, unread: code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP' };
  }
}

function byGit(path: BytePath | undefined, { tracked, offered }: Known, how: string): Titles {
  if (path === undefined || tracked === undefined) return [];
  if (tracked.has(path)) return [['high', `${how}is tracked by git`]];
  return offered.has(path) ? [['medium', `${how}is not ignored by git`]] : [];
}

/** Relative to the project; undefined outside of it. */
async function targetOf(root: string, link: Buffer): Promise<BytePath | undefined> {
  const path = relative(await realpath(root), await realpath(link));
  return path === '..' || path.startsWith(`..${sep}`) ? undefined : bytesOf(path.split(sep).join('/'));
}

const observe = (path: string, severity: Observation['severity'], title: string): Observation => ({
  kind: 'env_file',
  severity,
  path,
  title: `${path} ${title}`,
  about: [path, title],
});
