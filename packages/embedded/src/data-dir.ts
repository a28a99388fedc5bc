import { constants } from 'node:fs';
import { access, mkdir, realpath, statfs } from 'node:fs/promises';
import { join } from 'node:path';
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
    await mkdir(wanted, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    const path = await realpath(wanted);
    await refuseFullDisk(path, leastFree);
    const run = join(path, 'run');
    await mkdir(run, { recursive: true, mode: 0o700 });
    return { path, run };
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The data folder ${wanted} cannot be used (${codeOf(error)}).`,
      'Make it writable for this user, or set ACTP_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

async function refuseFullDisk(path: string, leastFree: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= leastFree) return;
  throw new StartupError(
    `The disk that holds ${path} is full: ${megabytes(free)} MB free, ${megabytes(leastFree)} MB needed.`,
    'Free some space, or set ACTP_DATA_DIR to a folder on another disk.',
  );
}

const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
