import { setTimeout as delay } from 'node:timers/promises';
import type { OutageLog } from './outage-log.ts';

/** Work that runs when it is woken, never twice at a time; wakes that come meanwhile share the next run. */
export interface CoalescingLoop {
  /** Runs the work soon; once more when it is under way. */
  wake(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Aborted when the work should end. */
  stopped: AbortSignal;
  /** Ends after the turn under way. */
  stop(): Promise<void>;
}

/**
 * @param turn one run of the work; gives the milliseconds after which it wants to run again by itself, if it does
 * @param outage told how it went; what was not done is somebody else's to wake again
 */
export function createCoalescingLoop(
  turn: () => Promise<number | undefined>,
  outage: OutageLog,
): CoalescingLoop {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  let wanted = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (wanted && !stopped.aborted) {
      wanted = false;
      try {
        const again = await turn();
        outage.succeeded();
        if (again === undefined) continue;
        wanted = true;
        await delay(again, undefined, { signal: stopped }).catch(() => undefined);
      } catch (error) {
        outage.failed(error);
      }
    }
  }

  function wake(): void {
    wanted = true;
    running ??= run().finally(() => {
      running = undefined;
      // Woken between the last look and now.
      if (wanted && !stopped.aborted) wake();
    });
  }

  return {
    wake,
    settled: async () => running,
    stopped,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
