import { spawn, type ChildProcess } from 'node:child_process';
import { superviseProcess, type SupervisedProcess } from '@actp/embedded/supervised-process';
import { drainedMessage, drainMessage, startedMessage } from '@actp/shared/supervisor-messages';
import type { AppSpec } from './apps.ts';
import { heartbeatLimits, watchHeartbeats, type HeartbeatLimits } from './heartbeats.ts';
import type { Environment } from '@actp/shared/env-file/merge';

export interface AppProcessOptions {
  app: AppSpec;
  root: string;
  /** The Node that runs it. */
  node: string;
  env: Environment;
  /** Words before the command that let it die with us (see death-signal.ts). */
  deathSignal: readonly string[];
  pidFile: string;
  /** How long it has to stop before it is killed. */
  stopMs: number;
  heartbeats?: HeartbeatLimits;
  /** A socket that it accepts connections from. */
  listenFd?: number | undefined;
  /** Its start takes until it says that it has started; otherwise until it runs. */
  untilStarted?: boolean;
  onLine: (line: string) => void;
  onEvent: (text: string) => void;
}

export interface AppProcess extends SupervisedProcess {
  /** Has it take nothing new and finish what is under way; returns when it has, is gone, or takes too long. */
  drain(): Promise<void>;
}

const longestPauseMs = 5_000;
// Only to end what hangs.
const startedMs = 120_000;
// Longer than an app gives itself.
const drainMs = 20_000;
// Behind the three standard streams and the channel.
const fdThere = 4;

/**
 * Runs an app as a process of its own and starts it again whenever it dies; one that hangs is killed. It leads a process group, so that a Ctrl-C
 * in the terminal reaches the supervisor alone, and has a channel to us, whose end tells it that we are gone.
 */
export function createAppProcess(options: AppProcessOptions): AppProcess {
  const { app, root, node, deathSignal, listenFd, onEvent, heartbeats = heartbeatLimits } = options;
  const given = listenFd === undefined ? {} : { ACTP_LISTEN_FD: String(fdThere) };
  let running: ChildProcess | undefined;
  let started = false;
  const [program, ...args] = [...deathSignal, node, `--max-semi-space-size=${app.semiSpace}`, app.entry];
  const supervised = superviseProcess({
    name: app.name,
    spawn: () => {
      const child = spawn(program, args, {
        cwd: root,
        env: { ...options.env, ...given },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...(listenFd === undefined ? [] : [listenFd])],
      });
      running = child;
      started = false;
      child.on('message', (message) => {
        if (message === startedMessage) started = true;
      });
      watchHeartbeats(child, heartbeats, () => {
        onEvent('does not respond; killing it');
        // What hangs, or was stopped, takes no other signal.
        child.kill('SIGKILL');
      });
      return child;
    },
    ...(options.untilStarted === true ? { ready: () => Promise.resolve(started), readyMs: startedMs } : {}),
    stopSignal: 'SIGTERM',
    stopMs: options.stopMs,
    longestPauseMs,
    pidFile: options.pidFile,
    sweepGroup: true,
    onLine: options.onLine,
    onEvent: (event) => {
      if (event.kind === 'exited') onEvent(`${event.how}; restarting in ${event.pauseMs} ms`);
      if (event.kind === 'failed') onEvent(`did not start: ${event.reason}`);
      if (event.kind === 'restarted') onEvent(`is running again as process ${event.pid ?? 'unknown'}`);
    },
  });
  return { ...supervised, drain: () => drained(running) };
}

function drained(child: ChildProcess | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (child === undefined || !child.connected) return resolve();
    const late = setTimeout(resolve, drainMs);
    const done = () => {
      clearTimeout(late);
      resolve();
    };
    child.on('message', (message) => {
      if (message === drainedMessage) done();
    });
    child.once('exit', done);
    child.send(drainMessage, (error) => {
      if (error !== null) done();
    });
  });
}
