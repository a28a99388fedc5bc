import type { Environment } from '@actp/shared/env-file/merge';
import { redact } from '@actp/redaction/redact';
import type { AppProcess } from './app-process.ts';
import type { AppSpec } from './apps.ts';

/** An app and the process that runs it now; replaced in place. */
export interface RunningApp {
  app: AppSpec;
  env: Environment;
  /** Which of its two pid files is in use. */
  place: 0 | 1;
  process: AppProcess;
  /** It accepts from a socket that is kept here, so that two processes of it can run for a while. */
  overlaps: boolean;
}

export interface ReplaceDeps {
  /** @param untilStarted its start takes until it says that it has started */
  create: (env: Environment, place: 0 | 1, untilStarted: boolean) => AppProcess;
  forget: (gone: AppProcess) => void;
  /** Whether everything is being stopped. */
  stopped: () => boolean;
}

/** The app did not come up with its new settings. The message holds its last lines. */
export class AppNotReplaced extends Error {
  override readonly name = 'AppNotReplaced';
  readonly app: string;

  constructor(app: string, cause: unknown) {
    super(redact(cause instanceof Error ? cause.message : String(cause)), { cause });
    this.app = app;
  }
}

/**
 * Puts a process with another environment in the place of the one that runs. One that listens is started before the other ends, which then finishes
 * what it has; of every other there is one at a time. What does not come up changes nothing: the one before runs on, or again.
 *
 * @throws AppNotReplaced
 */
export async function replaceApp(one: RunningApp, env: Environment, deps: ReplaceDeps): Promise<void> {
  const before = one.process;
  const place = one.place === 0 ? 1 : 0;
  const { overlaps } = one;
  if (!overlaps) await before.stop();
  if (deps.stopped()) return;
  const next = deps.create(env, place, true);
  try {
    await next.start();
  } catch (error) {
    deps.forget(next);
    if (!overlaps && !deps.stopped()) {
      deps.forget(before);
      one.process = deps.create(one.env, one.place, false);
      await one.process.start().catch(() => undefined);
    }
    throw new AppNotReplaced(one.app.name, error);
  }
  Object.assign(one, { process: next, env, place });
  if (overlaps) {
    await before.drain();
    await before.stop();
  }
  deps.forget(before);
}
