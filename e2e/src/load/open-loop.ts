import { setTimeout as delay } from 'node:timers/promises';

export interface OpenLoopOptions {
  /** Requests per second. */
  rate: number;
  seconds: number;
  /** Sends one request; must not wait for others. @param intended when it was to be sent, as `performance.now()` counts */
  send(intended: number): Promise<void>;
  signal: AbortSignal;
}

// Shorter pauses cost processor time that the plane needs.
const tickMs = 4;

/**
 * Sends requests at their times, whether those before have been answered or not. Who measures from the intended time sees what callers
 * see: a plane that stands still for a second makes every request of that second late, and not only the one that it holds.
 *
 * @returns how many were sent
 */
export async function runOpenLoop({ rate, seconds, send, signal }: OpenLoopOptions): Promise<number> {
  const begun = performance.now();
  const count = Math.round(rate * seconds);
  const under = new Set<Promise<void>>();
  let n = 0;
  while (n < count && !signal.aborted) {
    for (const now = performance.now(); n < count && intendedOf(n) <= now; n += 1) {
      const sent = send(intendedOf(n)).finally(() => under.delete(sent));
      under.add(sent);
    }
    await delay(tickMs);
  }
  await Promise.all(under);
  return n;

  function intendedOf(n: number): number {
    return begun + (n * 1_000) / rate;
  }
}
