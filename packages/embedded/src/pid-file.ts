import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

const pollMs = 20;

/** Notes which process runs a part, so that the next start can stop it if this one is killed. */
export function writePidFile(file: string, pid: number): void {
  const identity = identifyProcess(pid);
  if (identity !== undefined) writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
}

/** Forgets it again; a missing file is fine. */
export function removePidFile(file: string): void {
  rmSync(file, { force: true });
}

/** The process named in the file, if it still runs and is the same one. */
export function readPidFile(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isIdentity(value) || !isRunning(value)) return undefined;
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Ends what an earlier start left running.
 *
 * @param signal asks it to stop
 * @param deadlineMs after which it is killed
 */
export async function stopLeftover(file: string, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  const leftover = readPidFile(file);
  if (leftover !== undefined) await endProcess(leftover, signal, deadlineMs);
  removePidFile(file);
}

/** Asks a process to stop, kills it after the deadline, and returns when it is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  deadlineMs: number,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  send(identity.pid, signal);
  while (isRunning(identity)) {
    if (performance.now() > deadline) send(identity.pid, 'SIGKILL');
    await delay(pollMs);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went by itself in the meantime.
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    value.pid > 1 &&
    'startedAt' in value &&
    typeof value.startedAt === 'string'
  );
}
