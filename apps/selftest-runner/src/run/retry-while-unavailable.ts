import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@actp/shared/errors';

/**
 * Tries again for as long as the part behind it does not answer. Only for calls that may be repeated: whether the one
 * before was carried out is not known.
 *
 * @throws what the call throws otherwise, and the last UnavailableError when the signal is aborted or time is over
 */
export async function retryWhileUnavailable<T>(
  call: () => Promise<T>,
  { signal, withinMs, pauseMs = 1_000 }: { signal: AbortSignal; withinMs: number; pauseMs?: number },
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const over = signal.aborted || performance.now() + pauseMs > deadline;
      if (over || !(error instanceof UnavailableError)) throw error;
      // A pause is no reason to be late: whoever stops gets one last attempt at once.
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
