import { randomUUID } from 'node:crypto';
import { chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from './file-lock.ts';
import { StartupError } from './startup-error.ts';

const lockWaitMs = 10_000;
const pollMs = 20;

/**
 * Replaces a file that only its owner may read. It is written beside its place and moved there: nobody ever reads half of it, and a
 * crash leaves the old one.
 */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const old = await stat(target).catch(() => undefined);
  const aside = `${target}.${randomUUID()}`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    if (old !== undefined && process.getuid?.() === 0) await chown(aside, old.uid, old.gid);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/**
 * Works on a file while no other copy does.
 *
 * @throws StartupError naming the process that keeps the lock
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const release = await waitForLock(file, `${file}.lock`);
  try {
    return await work();
  } finally {
    release();
  }
}

async function waitForLock(file: string, lock: string): Promise<() => void> {
  const deadline = performance.now() + lockWaitMs;
  for (;;) {
    const attempt = lockOrNothing(file, lock);
    if (attempt.locked) return attempt.release;
    if (performance.now() > deadline) {
      throw new StartupError(
        `${file} is locked by process ${attempt.owner.pid}.`,
        'Stop that copy, or wait until it has started.',
      );
    }
    await delay(pollMs);
  }
}

// In a folder that we may not write to there is nothing to protect: no copy can change the file.
function lockOrNothing(file: string, lock: string): ReturnType<typeof tryLock> {
  try {
    return tryLock(lock);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['EACCES', 'EROFS', 'EPERM'].includes(code)) return { locked: true, release: () => undefined };
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StartupError(
        `The folder of ${file} does not exist, so that nothing can be stored there.`,
        'Make it, or set ACTP_ENV_FILE to a file in a folder that is there.',
        { cause: error },
      );
    }
    throw error;
  }
}
