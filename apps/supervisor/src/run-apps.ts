import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deathSignalWords } from '@actp/embedded/death-signal';
import type { SupervisedProcess } from '@actp/embedded/supervised-process';
import { stopLeftover } from '@actp/embedded/pid-file';
import type { StackEnv } from '@actp/embedded/stack-env';
import { appEnvironment } from './app-environment.ts';
import { createAppProcess } from './app-process.ts';
import type { AppSpec } from './apps.ts';
import type { Environment } from '@actp/shared/env-file/merge';
import type { LogFiles } from './log-files.ts';

export interface RunAppsOptions {
  apps: readonly AppSpec[];
  root: string;
  node: string;
  environment: Environment;
  stack: StackEnv;
  /** How long an app has to stop before it is killed. */
  stopMs: number;
  /** Folder for pid files. */
  run: string;
  logs: LogFiles;
}

export interface RunningApps {
  /** An app that keeps dying. */
  crashing(): { app: string; lastLines: readonly string[] } | undefined;
  stop(hard?: boolean): Promise<void>;
}

const leftoverMs = 3_000;
// Of the time that all have to stop.
const shareOfFirst = 0.5;
// Four deaths take three seconds of pauses: no passing trouble.
const crashLoop = 4;

/** Ends the apps that a killed supervisor left, where the system did not do so. No living copy may own `run`. */
export async function stopLeftoverApps(apps: readonly AppSpec[], run: string): Promise<void> {
  await Promise.all(apps.map((app) => stopLeftover(pidFileOf(app, run), 'SIGTERM', leftoverMs)));
}

/** Starts every app and keeps them running. */
export async function runApps(options: RunAppsOptions): Promise<RunningApps> {
  const { apps, environment, stack, run, logs, ...rest } = options;
  const deathSignal = await deathSignalWords('SIGTERM', environment['PATH']);
  const processes = new Map<string, SupervisedProcess>(
    apps.map((app) => [
      app.name,
      createAppProcess({
        ...rest,
        app,
        deathSignal,
        env: appEnvironment(app, environment, stack),
        pidFile: pidFileOf(app, run),
        onLine: (line) => logs.app(app.name, line),
        onEvent: (text) => logs.appEvent(app.name, text),
      }),
    ]),
  );
  const stopAll = async (some: readonly AppSpec[], hard: boolean) => {
    const chosen = some.flatMap(({ name }) => processes.get(name) ?? []);
    await Promise.all(chosen.map((one) => one.stop(hard)));
  };
  const stop = async (hard = false) => {
    if (hard) return stopAll(apps, hard);
    const first = stopAll(
      apps.filter(({ stopsLast }) => stopsLast !== true),
      hard,
    );
    // One that hangs must not take away the time of the last.
    await Promise.race([first, delay(options.stopMs * shareOfFirst, undefined, { ref: false })]);
    await Promise.all([first, stopAll(apps, hard)]);
  };
  try {
    await Promise.all([...processes.values()].map((one) => one.start()));
  } catch (error) {
    await stop(true);
    throw error;
  }
  return {
    stop,
    crashing() {
      const [name] = [...processes].find(([, one]) => one.restarts() >= crashLoop) ?? [];
      return name === undefined ? undefined : { app: name, lastLines: logs.lastLines(name) };
    },
  };
}

const pidFileOf = (app: AppSpec, run: string) => join(run, `${app.name}.pid`);
