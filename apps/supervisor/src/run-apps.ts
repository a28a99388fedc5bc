import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { deathSignalWords } from '@actp/embedded/death-signal';
import { stopLeftover } from '@actp/embedded/pid-file';
import type { StackEnv } from '@actp/embedded/stack-env';
import { appEnvironment } from './app-environment.ts';
import { createAppProcess, type AppProcess } from './app-process.ts';
import type { AppSpec } from './apps.ts';
import type { Environment } from '@actp/shared/env-file/merge';
import type { LogFiles } from './log-files.ts';
import { replaceApp, type RunningApp } from './replace-app.ts';

export interface RunAppsOptions {
  apps: readonly AppSpec[];
  root: string;
  node: string;
  environment: Environment;
  stack: StackEnv;
  /** How long an app has to stop before it is killed. */
  stopMs: number;
  /** The socket of the app that listens. */
  listenFd?: number | undefined;
  /** Folder for pid files. */
  run: string;
  logs: LogFiles;
}

export interface RunningApps {
  /** An app that keeps dying. */
  crashing(): { app: string; lastLines: readonly string[] } | undefined;
  /**
   * Starts those apps anew whose environment these settings change, each when the one before is up again.
   *
   * @param told of each app that runs with its new settings
   * @throws AppNotReplaced at the first one that does not come up; it goes on with the settings of before
   */
  reload(environment: Environment, told: (app: string) => void): Promise<void>;
  stop(hard?: boolean): Promise<void>;
}

const leftoverMs = 3_000;
// Of the time that all have to stop.
const shareOfFirst = 0.5;
// Four deaths take three seconds of pauses: no passing trouble.
const crashLoop = 4;
// While one process takes the place of another, each has its own pid file.
const places = [0, 1] as const;

/** Ends the apps that a killed supervisor left, where the system did not do so. No living copy may own `run`. */
export async function stopLeftoverApps(apps: readonly AppSpec[], run: string): Promise<void> {
  const files = apps.flatMap((app) => places.map((place) => pidFileOf(app, run, place)));
  await Promise.all(files.map((file) => stopLeftover(file, 'SIGTERM', leftoverMs)));
}

/** Starts every app and keeps them running. */
export async function runApps(options: RunAppsOptions): Promise<RunningApps> {
  const { apps, environment, stack, run, logs, listenFd, ...rest } = options;
  const deathSignal = await deathSignalWords('SIGTERM', environment['PATH']);
  const alive = new Map<AppProcess, AppSpec>();
  let stopped = false;

  const create = (app: AppSpec, env: Environment, place: number, untilStarted: boolean): AppProcess => {
    const made = createAppProcess({
      ...rest,
      app,
      deathSignal,
      env,
      untilStarted,
      listenFd: app.listens === true ? listenFd : undefined,
      pidFile: pidFileOf(app, run, place),
      onLine: (line) => logs.app(app.name, line),
      onEvent: (text) => logs.appEvent(app.name, text),
    });
    alive.set(made, app);
    return made;
  };
  const begin = (app: AppSpec): [string, RunningApp] => {
    const env = appEnvironment(app, environment, stack);
    const overlaps = app.listens === true && listenFd !== undefined;
    return [app.name, { app, env, place: 0, process: create(app, env, 0, false), overlaps }];
  };
  const running = new Map(apps.map(begin));

  const stopAll = async (which: (app: AppSpec) => boolean, hard: boolean) => {
    const chosen = [...alive].filter(([, app]) => which(app));
    await Promise.all(chosen.map(([one]) => one.stop(hard)));
  };
  const stop = async (hard = false) => {
    stopped = true;
    if (hard) return stopAll(() => true, hard);
    const first = stopAll(({ stopsLast }) => stopsLast !== true, hard);
    // One that hangs must not take away the time of the last.
    await Promise.race([first, delay(options.stopMs * shareOfFirst, undefined, { ref: false })]);
    await Promise.all([first, stopAll(() => true, hard)]);
  };
  try {
    await Promise.all([...alive.keys()].map((one) => one.start()));
  } catch (error) {
    await stop(true);
    throw error;
  }
  return {
    stop,
    crashing() {
      const [name] = [...running].find(([, one]) => one.process.restarts() >= crashLoop) ?? [];
      return name === undefined ? undefined : { app: name, lastLines: logs.lastLines(name) };
    },
    async reload(settings, told) {
      for (const [name, one] of running) {
        const env = appEnvironment(one.app, settings, stack);
        if (stopped || isDeepStrictEqual(env, one.env)) continue;
        await replaceApp(one, env, {
          create: (...how) => create(one.app, ...how),
          forget: (gone) => alive.delete(gone),
          stopped: () => stopped,
        });
        told(name);
      }
    },
  };
}

const pidFileOf = (app: AppSpec, run: string, place: number) =>
  join(run, place === 0 ? `${app.name}.pid` : `${app.name}-${place}.pid`);
