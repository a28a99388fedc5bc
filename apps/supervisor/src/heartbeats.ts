import type { ChildProcess } from 'node:child_process';
import { heartbeat } from '@actp/shared/heartbeat';

export interface HeartbeatLimits {
  /** How often is looked whether a heartbeat came since the last time. */
  checkMs: number;
  /** So many times without one in a row: the app hangs. */
  missed: number;
  /** The same before the first one: loading takes its time on a busy machine. */
  missedAtStart: number;
}

/** A minute without a heartbeat; they come every 5 s. */
export const heartbeatLimits: HeartbeatLimits = { checkMs: 5_000, missed: 12, missedAtStart: 60 };

/**
 * Counts checks without a heartbeat. Checks and not seconds: while the machine sleeps, or this process does not get to run,
 * nothing is checked, and one check between two heartbeats is all that follows.
 */
export function createHeartbeatCounter({ missed, missedAtStart }: HeartbeatLimits) {
  let before = 0;
  let most = missedAtStart;
  return {
    beat(): void {
      before = 0;
      most = missed;
    },
    /** Whether it hangs. */
    check(): boolean {
      before += 1;
      return before > most;
    },
  };
}

/** Calls `onHang` once when heartbeats of a running process stop coming. */
export function watchHeartbeats(child: ChildProcess, limits: HeartbeatLimits, onHang: () => void): void {
  const counter = createHeartbeatCounter(limits);
  child.on('message', (message) => {
    if (message === heartbeat) counter.beat();
  });
  const timer = setInterval(() => {
    if (!counter.check()) return;
    clearInterval(timer);
    onHang();
  }, limits.checkMs);
  child.once('exit', () => clearInterval(timer));
  child.once('error', () => clearInterval(timer));
}
