import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until the answer is neither undefined nor false, or fails after the deadline with the last error.
 *
 * @param within milliseconds; generous, since it only bounds a failing test, also on a machine with a quarter of a core
 */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  { within = 240_000, every = 25 }: { within?: number; every?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + within;
  let last: unknown = new Error('it never became true');
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      // Exactly what the return type leaves out.
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    } catch (error) {
      last = error;
    }
    await delay(every);
  }
  throw last;
}
