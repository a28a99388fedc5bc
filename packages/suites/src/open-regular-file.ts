import { constants } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';

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
 * device would never end, and opening a device can already have an effect.
 *
 * @param refusal what speaks against the place where the file really lies, every link followed; null when nothing
 */
export async function openRegularFile(
  path: string,
  maxBytes: number,
  refusal: (place: string) => string | null = () => null,
): Promise<OpenedFile> {
  let file: FileHandle;
  try {
    const place = await realpath(path);
    if (!(await stat(place)).isFile()) return { ok: false, problem: 'is not a regular file' };
    const refused = refusal(place);
    if (refused !== null) return { ok: false, problem: refused };
    file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { ok: false, problem: reasons[code] ?? `cannot be opened (${code})` };
  }
  // Somebody may have put a link on the way in between.
  const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null);
  const refused = opened === null ? null : refusal(opened);
  const { size, ...found } = await file.stat().then((it) => ({ size: it.size, isFile: it.isFile() }));
  if (found.isFile && refused === null && size <= maxBytes) return { ok: true, file, size };
  await file.close();
  const problem = found.isFile
    ? (refused ?? `has ${size} bytes, more than the ${maxBytes} that are read`)
    : 'is not a regular file';
  return { ok: false, problem };
}
