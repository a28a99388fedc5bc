// One installation at a time: two copies may be started from a fresh checkout at the same moment.
import { openSync, readFileSync, rmSync, statSync, writeSync, closeSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 300;
// Between making the file and writing its owner into it, which takes a moment.
const youngMs = 5_000;
const settleMs = 100;

/**
 * Waits for the lock and returns what releases it. A lock whose owner is dead is taken over.
 *
 * @param {string} file
 * @param {(pid: number) => void} onWait called once when another process has it
 */
export async function takeInstallLock(file, onWait) {
  let told = false;
  for (;;) {
    try {
      const handle = openSync(file, 'wx', 0o644);
      writeSync(handle, String(process.pid));
      closeSync(handle);
      // Somebody who had found the same stale lock may be removing it just now, and mean this one.
      await delay(settleMs);
      if (ownerOf(file) === process.pid) return () => rmSync(file, { force: true });
      continue;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (owner === undefined) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait(owner);
    told = true;
    await delay(pollMs);
  }
}

/** The living owner; 0 while nobody has signed yet; undefined when the lock is stale. */
function ownerOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid > 0) return isAlive(pid) ? pid : undefined;
    return Math.abs(Date.now() - statSync(file).mtimeMs) < youngMs ? 0 : undefined;
  } catch {
    // It was released in this moment: try again.
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
