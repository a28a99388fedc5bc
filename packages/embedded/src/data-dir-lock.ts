import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { tryLock } from './file-lock.ts';
import { readPidFile, writePidFile } from './pid-file.ts';
import { StartupError } from './startup-error.ts';

export interface WaitOptions {
  /** Told once when another copy has to be waited for. */
  say: (text: string) => void;
  /** Ends the waiting. */
  signal: AbortSignal;
  /** How long a copy that is stopping may take to leave. */
  stoppingMs: number;
}

// One that was told to stop a moment ago may not have said so yet.
const silentMs = 1_500;
const pollMs = 50;

/**
 * Keeps a second copy away from the same data folder.
 *
 * @returns what releases it
 * @throws StartupError naming the process that has the folder
 */
export function lockDataDir(dataDir: string): () => void {
  const attempt = tryLock(join(dataDir, 'lock'));
  if (attempt.locked) return attempt.release;
  const { pid } = attempt.owner;
  throw new StartupError(
    `The data folder ${dataDir} is in use by process ${pid}.`,
    `Stop that copy (kill ${pid}), or start this one with another ACTP_DATA_DIR and GATEWAY_PORT.`,
  );
}

/**
 * Waits until a copy that is stopping has left the data folder: npm ends before the plane that it has started, and whoever
 * starts again at once meets the old one.
 *
 * @throws StartupError when a copy keeps the folder, the reason of an abort
 */
export async function waitForDataDir(dataDir: string, options: WaitOptions): Promise<void> {
  const { say, signal, stoppingMs } = options;
  const begun = performance.now();
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const attempt = tryLock(join(dataDir, 'lock'));
    if (attempt.locked) {
      rmSync(stoppingFile(dataDir), { force: true });
      attempt.release();
      return;
    }
    const { pid } = attempt.owner;
    const stopping = readPidFile(stoppingFile(dataDir))?.pid === pid;
    if (performance.now() - begun > (stopping ? stoppingMs : silentMs)) {
      lockDataDir(dataDir)();
      return;
    }
    if (stopping && !told) say(`Waiting for process ${pid}, which is stopping, to release the data folder`);
    told ||= stopping;
    await delay(pollMs);
  }
}

/** Says that this process, which has the data folder, is about to leave it. */
export function announceStop(dataDir: string): void {
  try {
    writePidFile(stoppingFile(dataDir), process.pid);
  } catch {
    // The folder may be gone; then nobody waits for it.
  }
}

const stoppingFile = (dataDir: string) => join(dataDir, 'run', 'stopping.pid');
