import { spawn } from 'node:child_process';
import { superviseProcess, type SupervisedProcess } from '@actp/embedded/supervised-process';
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
  onLine: (line: string) => void;
  onEvent: (text: string) => void;
}

const longestPauseMs = 5_000;

/**
 * Runs an app as a process of its own and starts it again whenever it dies; one that hangs is killed. It leads a process group, so that a Ctrl-C
 * in the terminal reaches the supervisor alone, and has a channel to us, whose end tells it that we are gone.
 */
export function createAppProcess(options: AppProcessOptions): SupervisedProcess {
  const { app, root, node, env, deathSignal, onEvent, heartbeats = heartbeatLimits } = options;
  const [program, ...args] = [...deathSignal, node, `--max-semi-space-size=${app.semiSpace}`, app.entry];
  return superviseProcess({
    name: app.name,
    spawn: () => {
      const child = spawn(program, args, {
        cwd: root,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      watchHeartbeats(child, heartbeats, () => {
        onEvent('does not respond; killing it');
        // What hangs, or was stopped, takes no other signal.
        child.kill('SIGKILL');
      });
      return child;
    },
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
}
