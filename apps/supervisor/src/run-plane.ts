import process from 'node:process';
import { isatty } from 'node:tty';
import { reloadSignal } from '@actp/embedded/reload-notes';
import { StartupError } from '@actp/embedded/startup-error';
import { AppError } from '@actp/shared/errors';
import { stopDeadlines } from '@actp/shared/stop-deadlines';
import { redact } from '@actp/redaction/redact';
import type { AppSpec } from './apps.ts';
import { createAsyncStream } from './async-stream.ts';
import { createConsoleOutput } from './console-output.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { createSupervisor } from './supervisor.ts';
import { hasTerminal } from './has-terminal.ts';

export interface PlaneOptions {
  /** The repository root. */
  root: string;
  apps: readonly AppSpec[];
  environment: Record<string, string | undefined>;
}

const standardOutput = 1;

/**
 * Runs the plane for as long as this process lives: starts it, keeps it running, stops it on a signal. What keeps it
 * from starting is said once, on standard error, and ends the process with code 1.
 */
export async function runPlane({ root, apps, environment }: PlaneOptions): Promise<void> {
  const output = createConsoleOutput({
    stream: createAsyncStream(standardOutput),
    terminal: isatty(standardOutput),
    prefixWidth: Math.max(...apps.map(({ name }) => name.length)),
  });
  const supervisor = createSupervisor({ root, apps, node: process.execPath, environment, output });
  let ending = false;
  // Looked at now: when the terminal has gone away, nothing tells any more that there was one.
  const hangUpStops = hasTerminal();
  stopOnSignal({
    stop: (hard) => {
      ending = true;
      return supervisor.stop(hard);
    },
    hangUpStops,
    stopMs: () => stopDeadlines(supervisor.stopSeconds()).planeMs,
    say: output.say,
    flush: output.flush,
  });

  const reload = () => void supervisor.reload();
  process.on(reloadSignal, reload);
  // As service managers ask for it; they give no terminal.
  if (!hangUpStops) process.on('SIGHUP', reload);

  const die = async (fault: unknown) => {
    // A stop that was asked for ends the process itself.
    if (ending) return;
    ending = true;
    await supervisor.stop().catch(() => undefined);
    await output.flush();
    process.stderr.write(`\n${explain(fault)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', (fault) => void die(fault));
  process.on('unhandledRejection', (fault) => void die(fault));
  await supervisor.start().catch(die);
}

// Errors of ours come with their remedy and hold no value from outside; anything else shows where it was.
function explain(error: unknown): string {
  if (error instanceof StartupError || error instanceof AppError) return error.message;
  return redact(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
