import type { ProcessEvent, SupervisedProcess } from './supervised-process.ts';

/** A running store. */
export interface Part {
  name: string;
  port: number;
  pid(): number | undefined;
  /** How often it was started again since. */
  restarts(): number;
  /** Stops it for good; `hard` kills at once. Returns when it is gone. */
  stop(hard?: boolean): Promise<void>;
}

/** Called with what a part prints (`output`) and with what happens to it (`event`). */
export type PartLog = (part: string, line: string, kind: 'output' | 'event') => void;

/** Longest pause between two starts of a store: everything waits for it, and its start is cheap. */
export const storePauseMs = 2_000;

/** The same fields for every store, from the process that is supervised. */
export function partOf(name: string, port: number, supervised: SupervisedProcess): Part {
  return { name, port, pid: supervised.pid, restarts: supervised.restarts, stop: supervised.stop };
}

/** What happened to a process, as a log line. */
export function describeEvent(event: ProcessEvent): string {
  if (event.kind === 'restarted') return `is running again as process ${event.pid ?? 'unknown'}`;
  // What it printed stands in the log already.
  const [reason] = event.kind === 'exited' ? [event.how] : event.reason.split(/:?\n/, 1);
  const what = event.kind === 'exited' ? reason : `did not start: ${reason}`;
  return `${what}; restarting in ${event.pauseMs} ms`;
}
