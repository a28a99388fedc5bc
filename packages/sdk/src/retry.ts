import { ActpUnavailable } from './errors.ts';
import { delay } from './time-limit.ts';

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/**
 * Tries again what is safe to repeat while the plane is unavailable.
 *
 * @param forMs counted from the first failure; also a Retry-After beyond that ends it
 * @throws what the last attempt threw
 */
export async function retry<T>(
  forMs: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  let deadline: number | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ActpUnavailable)) throw error;
      deadline ??= performance.now() + forMs;
      // Agents that lost the plane at one moment should not all come back at one moment.
      const spread = pauseMs * (0.5 + Math.random() / 2);
      const pause = Math.max(spread, (error.retryAfterSeconds ?? 0) * 1_000);
      if (performance.now() + pause > deadline) throw error;
      await delay(pause, signal);
    }
  }
}
