import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

export type OpenedFile = { ok: true; file: FileHandle; size: number } | { ok: false; problem: string };

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'is not readable by this user',
  EPERM: 'is not readable by this user',
  ELOOP: 'is a symlink loop',
};

/**
 * Opens a file whose path comes from a configuration. Anything but a regular file is refused: reading a pipe or a
 * device would never end.
 */
export async function openRegularFile(path: string, maxBytes: number): Promise<OpenedFile> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { ok: false, problem: reasons[code] ?? `cannot be opened (${code})` };
  }
  const stat = await file.stat();
  if (stat.isFile() && stat.size <= maxBytes) return { ok: true, file, size: stat.size };
  await file.close();
  const problem = stat.isFile()
    ? `has ${stat.size} bytes, more than the ${maxBytes} that are read`
    : 'is not a regular file';
  return { ok: false, problem };
}
