import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServerProcess {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

const readyMs = 120_000;
const pollMs = 50;

/** Starts a server in a process of its own and waits until it answers `/healthz`. */
export async function startServer(
  program: string,
  env: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  // Its log goes into a pipe that somebody reads, as under the supervisor.
  const child = spawn(process.execPath, [...nodeOptions, program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  const port = Number(env['GATEWAY_PORT']);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  try {
    await untilReady(child, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, pid: child.pid ?? 0, stop };
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + readyMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const up = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await delay(pollMs);
  }
  throw new Error(`${child.spawnargs.at(-1) ?? 'the server'} did not start`);
}
