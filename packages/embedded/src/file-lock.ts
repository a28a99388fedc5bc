import { randomUUID } from 'node:crypto';
import { linkSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';
import { readPidFile, writePidFile } from './pid-file.ts';
import type { ProcessIdentity } from './process-identity.ts';

export type LockAttempt = { locked: true; release: () => void } | { locked: false; owner: ProcessIdentity };

const attempts = 50;

/**
 * Tries to take a lock that belongs to this process until it is released or the process dies.
 *
 * The file names its owner by pid and start time, and appears at once with its content (a hard link to a finished file),
 * so that nobody reads half of it. A lock whose owner is dead is taken over.
 */
export function tryLock(file: string): LockAttempt {
  const mine = `${file}.${randomUUID()}`;
  writePidFile(mine, process.pid);
  try {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (tryLink(mine, file)) {
        return { locked: true, release: () => rmSync(file, { force: true }) };
      }
      const owner = readPidFile(file);
      if (owner !== undefined) return { locked: false, owner };
      removeStale(file, `${mine}.stale`);
    }
    throw new Error(`${file} cannot be locked: remove it when no other copy runs`);
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

// Another copy may take the lock over between our look and our removal: what was moved away is looked at once more,
// and a living owner gets it back.
function removeStale(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readPidFile(aside) !== undefined) tryLink(aside, file);
  rmSync(aside, { force: true });
}
