import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

export interface AppProcess {
  stop(): Promise<void>;
}

/** Starts an app that serves no HTTP, in a process of its own; its log goes into a pipe that somebody reads. */
export function startApp(
  program: string,
  env: Record<string, string>,
  words: readonly string[] = [],
): AppProcess {
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
