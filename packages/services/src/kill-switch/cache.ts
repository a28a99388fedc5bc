import type { KillSwitch } from '@actp/policy/kill-switch';
import { PlaneHeldError, UnavailableError } from '@actp/shared/errors';

export interface KillSwitchCache<T = readonly KillSwitch[]> {
  /**
   * The kill switches that the database has named within the last quarter of a second, or names now.
   *
   * @throws UnavailableError when the database is unavailable, or holds the plane: then nothing may be allowed
   */
  read(): Promise<T>;
  /** A switch has changed: the next read waits for the database. */
  invalidate(): void;
}

// An older answer proves nothing: the caller waits for another one.
const maxAgeMs = 250;
// Under load the database is asked before that, so that nobody waits.
const refreshMs = 100;
/** An answer that was under way for longer may say what was true before a switch was set a second ago. */
export const maxLatencyMs = 900;
// Two of them are over within the 2 s in which a caller has to hear no.
const attempts = 2;

/**
 * Whether the database is there, and what operators have stopped: for those who must not go on without it and have nothing else
 * to ask it. Concurrent callers share one query; without callers there is none.
 *
 * @param query something cheap, which throws when there is no answer within `maxLatencyMs`; it is tried once more then
 * @param now milliseconds on a clock that never goes back
 */
export function createKillSwitchCache<T = readonly KillSwitch[]>(
  query: () => Promise<T>,
  now = () => performance.now(),
): KillSwitchCache<T> {
  let last: { queriedAt: number; switches: T } | undefined;
  let refreshing: Promise<T> | undefined;
  let generation = 0;

  async function refresh(): Promise<T> {
    const begun = generation;
    try {
      for (let left = attempts; ; left -= 1) {
        try {
          return await queryOnce(begun);
        } catch (error) {
          if (left <= 1 || error instanceof PlaneHeldError) throw error;
        }
      }
    } catch (error) {
      last = undefined;
      throw error instanceof PlaneHeldError ? error : new UnavailableError('the database', { cause: error });
    } finally {
      if (begun === generation) refreshing = undefined;
    }
  }

  async function queryOnce(begun: number): Promise<T> {
    // What was true when it was asked: the answer may have been under way for long.
    const queriedAt = now();
    const switches = await query();
    if (now() - queriedAt > maxLatencyMs) throw new Error('the answer came too late');
    if (begun === generation) last = { queriedAt, switches };
    return switches;
  }

  return {
    async read() {
      const known = last;
      const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.queriedAt;
      if (known !== undefined && age < refreshMs) return known.switches;
      refreshing ??= refresh();
      if (known === undefined || age >= maxAgeMs) return refreshing;
      refreshing.catch(() => undefined); // the next caller gets the error
      return known.switches;
    },
    invalidate() {
      generation += 1;
      last = undefined;
      refreshing = undefined;
    },
  };
}
