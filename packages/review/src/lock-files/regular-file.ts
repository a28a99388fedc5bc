import { constants, open, stat } from 'node:fs/promises';
import { LockFileError } from './lock-file.ts';

// A lock file of 50 000 packages has some 20 MiB.
const maxBytes = 64 * 1024 * 1024;

/**
 * The text of a lock file. Only files are read, and only so much of them: a pipe would never end, nor would a device.
 *
 * @returns undefined when there is nothing of the name
 * @throws LockFileError for what is no file, is too large, or cannot be read
 */
export async function lockFileText(path: string): Promise<string | undefined> {
  // Not opened before it is known that it is a file; and not waited for when it is none any more by then.
  const stats = await stat(path).catch((error: unknown) => codeOf(error));
  if (stats === 'ENOENT' || stats === 'ENOTDIR') return undefined;
  if (typeof stats === 'string') throw new LockFileError('cannot be read');
  if (!stats.isFile()) throw new LockFileError('cannot be read');
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) throw new LockFileError('cannot be read');
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw new LockFileError('cannot be read');
    if (opened.size > maxBytes) throw tooLarge();
    const chunk = Buffer.alloc(opened.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < chunk.length; length += read)
      read = (await file.read(chunk, length, chunk.length - length)).bytesRead;
    // It grows while it is read.
    if (length > opened.size) throw new LockFileError('cannot be read: it changes meanwhile');
    return chunk.toString('utf8', 0, length);
  } finally {
    await file.close();
  }
}

const tooLarge = () => new LockFileError(`has more than the ${maxBytes / 1024 / 1024} MiB that are read`);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
