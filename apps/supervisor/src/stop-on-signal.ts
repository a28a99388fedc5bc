import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

export interface StopOnSignalOptions {
  stop: (hard: boolean) => Promise<void>;
  /** Whether SIGHUP asks for a stop as well: a terminal that goes away sends it. */
  hangUpStops: boolean;
  /** How long the plane may take to stop, in milliseconds. */
  stopMs: () => number;
  say: (text: string) => void;
  /** Waits until what was said is written. */
  flush: () => Promise<void>;
}

const hardMs = 700;
const flushMs = 200;
// npm and the terminal may both deliver the same Ctrl-C: only a later one is a second request.
const sameSignalMs = 1_000;

/**
 * Ends this process with the plane: on a signal, and when whoever started us is gone (the channel to it closes).
 * A second signal, or a stop that takes too long, kills what is left and exits 1.
 */
export function stopOnSignal({ stop, hangUpStops, stopMs, say, flush }: StopOnSignalOptions): void {
  let since: number | undefined;
  let killing = false;

  const exit = async (code: number) => {
    await Promise.race([flush(), delay(flushMs)]);
    process.exit(code);
  };
  const kill = async () => {
    killing = true;
    await Promise.race([stop(true).catch(() => undefined), delay(hardMs)]);
    await exit(1);
  };
  const begin = async (reason: string) => {
    if (since !== undefined) {
      if (performance.now() - since > sameSignalMs) await kill();
      return;
    }
    since = performance.now();
    say(`Stopping (${reason}) ...`);
    const stopped = stop(false).then(
      () => true,
      () => false,
    );
    const inTime = await Promise.race([stopped, delay(stopMs(), false)]);
    // The second request stopped it; its exit code counts.
    if (killing) return;
    if (inTime) {
      say(`Stopped in ${((performance.now() - since) / 1000).toFixed(1)} s`);
      return exit(0);
    }
    say('Not everything stopped within STOP_SECONDS; killing the rest');
    await kill();
  };

  for (const signal of ['SIGINT', 'SIGTERM', ...(hangUpStops ? (['SIGHUP'] as const) : [])] as const) {
    process.on(signal, () => void begin(signal));
  }
  process.on('disconnect', () => void begin('the parent process is gone'));
}
