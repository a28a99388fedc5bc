import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { gitList } from './git.ts';
import { isScanned } from './paths.ts';

export interface FileList {
  /** Relative to the root, with slashes. */
  files: string[];
  /** Tracked by git; undefined outside of a repository. */
  tracked: ReadonlySet<string> | undefined;
  /** Why it is not all. */
  reason: string | undefined;
}

const mostFiles = 500_000;

/** The files of a project: what git tracks or would track, or, without git, all but what others have made. */
export async function listFiles(
  root: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FileList> {
  const tracked = await gitList(['ls-files', '-z', '--cached'], root, env, signal);
  const others =
    tracked && (await gitList(['ls-files', '-z', '--others', '--exclude-standard'], root, env, signal));
  if (tracked === undefined || others === undefined) {
    const files = await walk(root, signal);
    return {
      files: files.slice(0, mostFiles),
      tracked: undefined,
      reason: files.length > mostFiles ? `only the first ${mostFiles} files are read` : undefined,
    };
  }
  return { files: [...new Set([...tracked, ...others])], tracked: new Set(tracked), reason: undefined };
}

async function walk(root: string, signal: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const folders = [root];
  for (
    let folder = folders.pop();
    folder !== undefined && files.length <= mostFiles;
    folder = folders.pop()
  ) {
    signal.throwIfAborted();
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      const shown = relative(root, path).split(sep).join('/');
      if (entry.isDirectory() && isScanned(`${shown}/`)) folders.push(path);
      else if (entry.isFile()) files.push(shown);
    }
  }
  return files;
}
