import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { readLines } from './lines.ts';
import { removePidFile, writePidFile } from './pid-file.ts';

export interface SupervisedProcessOptions {
  name: string;
  /** Starts the process anew, after each death too. Standard output and error must be pipes. */
  spawn: () => ChildProcess | Promise<ChildProcess>;
  /** Asked again and again until it says true; what it throws ends the start. Left out: running is ready. */
  ready?: () => Promise<boolean>;
  /** How long the process has to become ready. */
  readyMs?: number;
  stopSignal: NodeJS.Signals;
  /** How long it has to stop before it is killed. */
  stopMs: number;
  /** The longest pause between two starts. */
  longestPauseMs: number;
  pidFile?: string;
  /** When it ends, kill what it left in its process group (it must lead one). */
  sweepGroup?: boolean;
  onLine?: (line: string) => void;
  onEvent?: (event: ProcessEvent) => void;
}

export type ProcessEvent =
  | { kind: 'exited'; pid: number | undefined; how: string; pauseMs: number }
  | { kind: 'restarted'; pid: number | undefined }
  | { kind: 'failed'; reason: string; pauseMs: number };

export interface SupervisedProcess {
  /** @throws what `ready` threw, or `ExitedEarly` */
  start(): Promise<void>;
  /** Stops it for good; `hard` kills at once. Returns when it is gone. */
  stop(hard?: boolean): Promise<void>;
  pid(): number | undefined;
  restarts(): number;
}

/** The process ended, or did not become ready, at its first start. The message holds its last lines. */
export class ExitedEarly extends Error {
  override readonly name = 'ExitedEarly';
}

const firstPauseMs = 200;
const healthyMs = 60_000;
const pollMs = 25;
const keptLines = 12;

/** Runs a process and starts it again, with growing pauses, whenever it dies by itself. */
export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  const { readyMs = 30_000 } = options;
  const halt = new AbortController();
  let child: ChildProcess | undefined;
  let exited: Promise<string> = Promise.resolve('never started');
  let loop: Promise<void> = Promise.resolve();
  let restarts = 0;
  let lastLines: string[] = [];

  async function launch(): Promise<void> {
    const started = await options.spawn();
    child = started;
    lastLines = [];
    exited = exitOf(started);
    if (options.sweepGroup === true) void exited.then(() => sweepGroup(started.pid));
    if (started.pid !== undefined && options.pidFile !== undefined) {
      writePidFile(options.pidFile, started.pid);
    }
    const onLine = (line: string) => {
      lastLines = [...lastLines.slice(1 - keptLines), line];
      options.onLine?.(line);
    };
    readLines(started.stdout, onLine);
    readLines(started.stderr, onLine);
    try {
      await waitUntilReady();
    } catch (error) {
      await end(started, false);
      throw error;
    }
  }

  async function end(running: ChildProcess | undefined, hard: boolean): Promise<void> {
    running?.kill(hard ? 'SIGKILL' : options.stopSignal);
    const late = setTimeout(() => running?.kill('SIGKILL'), options.stopMs);
    await exited;
    clearTimeout(late);
  }

  async function waitUntilReady(): Promise<void> {
    let ended: string | undefined;
    void exited.then((how) => (ended = how));
    const deadline = performance.now() + readyMs;
    // One turn, so that a program that cannot be started at all is noticed.
    await delay(0);
    while (ended === undefined && !halt.signal.aborted) {
      if (options.ready === undefined || (await options.ready())) return;
      if (performance.now() > deadline) ended = `not ready within ${readyMs / 1000} s`;
      await Promise.race([delay(pollMs), exited]);
    }
    if (halt.signal.aborted) throw new ExitedEarly(`${options.name} was stopped while it started`);
    const said = lastLines.length > 0 ? `:\n${lastLines.join('\n')}` : '';
    throw new ExitedEarly(`${options.name} ${ended}${said}`);
  }

  async function restartForever(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (;;) {
      const begun = performance.now();
      const how = await exited;
      if (halt.signal.aborted) return;
      if (performance.now() - begun > healthyMs) pauseMs = firstPauseMs;
      options.onEvent?.({ kind: 'exited', pid: child?.pid, how, pauseMs });
      for (let up = false; !up;) {
        await delay(pauseMs, undefined, { signal: halt.signal }).catch(() => undefined);
        if (halt.signal.aborted) return;
        pauseMs = Math.min(pauseMs * 2, options.longestPauseMs);
        restarts += 1;
        up = await launch().then(
          () => true,
          (error: unknown) => {
            if (!halt.signal.aborted) {
              options.onEvent?.({
                kind: 'failed',
                reason: error instanceof Error ? error.message : String(error),
                pauseMs,
              });
            }
            return false;
          },
        );
      }
      options.onEvent?.({ kind: 'restarted', pid: child?.pid });
    }
  }

  return {
    async start() {
      await launch();
      loop = restartForever();
    },
    async stop(hard = false) {
      halt.abort();
      await end(child, hard);
      await loop;
      // A start that was under way may have got as far as a new process.
      await end(child, hard);
      if (options.pidFile !== undefined) removePidFile(options.pidFile);
    },
    pid: () => (child?.exitCode === null && child.signalCode === null ? child.pid : undefined),
    restarts: () => restarts,
  };
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exited with code ${code}` : `was killed by ${signal}`),
    );
  });
}

function sweepGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody was left.
  }
}
