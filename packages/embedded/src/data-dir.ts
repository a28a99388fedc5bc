import { constants } from 'node:fs';
import { access, mkdir, realpath, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { StartupError } from './startup-error.ts';

// A fresh cluster is 40 MB, its first write-ahead segments up to 64 MB, the append-only file grows: room for a first day.
const leastFreeBytes = 300 * 1024 * 1024;

export interface DataDir {
  /** Absolute and free of symbolic links, so that the same folder always has the same name. */
  path: string;
  /** For pid files and other notes about what runs; readable by us alone. */
  run: string;
}

/**
 * Makes the data folder ready for use.
 *
 * @throws StartupError when it cannot be written to or the disk is (nearly) full
 */
export async function prepareDataDir(wanted: string, leastFree = leastFreeBytes): Promise<DataDir> {
  try {
    // Postgres may run as another user than root; it must be able to pass through a folder of ours, not to list it.
    await makeFolder(wanted, process.getuid?.() === 0 ? 0o711 : 0o700);
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    const path = await realpath(wanted);
    await refuseFullDisk(path, leastFree);
    const run = join(path, 'run');
    await makeFolder(run, 0o700);
    return { path, run };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The data folder cannot be used: ${reasonOf(error)}.`,
      'Make it writable for this user, or set ACTP_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

// Not mkdir's own `recursive`: it tries again for ever where the system says that a parent is missing which is there (/proc).
async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return refuseFile(path);
    if (code !== 'ENOENT' || dirname(path) === path || (await isThere(dirname(path)))) throw error;
    await makeFolder(dirname(path), mode);
    // Another copy may have made it meanwhile.
    await makeFolder(path, mode);
  }
}

async function refuseFile(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' });
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function refuseFullDisk(path: string, leastFree: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= leastFree) return;
  throw new StartupError(
    `The disk of the data folder is full: ${megabytes(free)} MB free, ${megabytes(leastFree)} MB needed.`,
    'Free some space, or set ACTP_DATA_DIR to a folder on another disk.',
  );
}

const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'the system does not allow it',
  EROFS: 'it is on a read-only file system',
  ENOTDIR: 'it, or what it would be in, is a file',
  ENOENT: 'it cannot be created there',
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return `${reasons[code] ?? 'the system refuses it'} (${code})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
