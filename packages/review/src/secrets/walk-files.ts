import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileAt, shownPath, type BytePath } from './byte-path.ts';
import { isOfOthers } from './paths.ts';

/** The files and links below a folder, without what others have made; and how many folders cannot be read. */
export async function walkFiles(
  root: string,
  most: number,
  signal: AbortSignal,
): Promise<{ files: BytePath[]; unread: number }> {
  const files: BytePath[] = [];
  let unread = 0;
  const folders: BytePath[] = [''];
  for (let folder = folders.pop(); folder !== undefined && files.length <= most; folder = folders.pop()) {
    signal.throwIfAborted();
    const entries = await entriesOf(root, folder);
    if (entries === undefined) unread += 1;
    for (const entry of entries ?? []) {
      const path = `${folder}${entry.name.toString('latin1')}`;
      if (!entry.isDirectory()) {
        if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
      } else if (!isOfOthers(`${shownPath(path)}/`)) folders.push(`${path}/`);
    }
  }
  return { files, unread };
}

async function entriesOf(root: string, folder: BytePath): Promise<Array<Dirent<Buffer>> | undefined> {
  try {
    return await readdir(fileAt(root, folder), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // Deleted meanwhile; without the folder of the project itself nothing is looked at.
    return code === 'ENOENT' && folder !== '' ? [] : undefined;
  }
}
