import { UnavailableError } from '@actp/shared/errors';

export interface DatabasePulse<T> {
  /**
   * What the database has answered within the last quarter of a second, or answers now.
   *
   * @throws UnavailableError when there is no such answer
   */
  read(): Promise<T>;
  /** What it has said no longer holds: who reads next waits for another answer. */
  forget(): void;
}

// Longer ago than this proves nothing: who asks waits for an answer.
const believedMs = 250;
// Under load it is asked before that, so that nobody waits.
const refreshedMs = 100;
/** An answer that was under way for longer may say what was true before a switch was set a second ago. */
export const freshMs = 900;
// Two of them are over within the 2 s in which a caller has to hear no.
const attempts = 2;

/**
 * Whether the database is there and what it says, for those who must not go on without it and have nothing else to ask it.
 * Many callers share one question; without callers none is put.
 *
 * @param ask something cheap, which throws when there is no answer within `freshMs`; it is asked once more then
 * @param now milliseconds on a clock that never goes back
 */
export function createDatabasePulse<T>(
  ask: () => Promise<T>,
  now = () => performance.now(),
): DatabasePulse<T> {
  let last: { askedAt: number; answer: T } | undefined;
  let asking: Promise<T> | undefined;
  let era = 0;

  async function beat(): Promise<T> {
    const begun = era;
    try {
      for (let left = attempts; ; left -= 1) {
        try {
          return await once(begun);
        } catch (error) {
          if (left <= 1) throw error;
        }
      }
    } catch (error) {
      last = undefined;
      throw new UnavailableError('the database', { cause: error });
    } finally {
      if (begun === era) asking = undefined;
    }
  }

  async function once(begun: number): Promise<T> {
    // What was true when it was asked: the answer may have been under way for long.
    const askedAt = now();
    const answer = await ask();
    if (now() - askedAt > freshMs) throw new Error('the answer came too late');
    if (begun === era) last = { askedAt, answer };
    return answer;
  }

  return {
    async read() {
      const known = last;
      const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.askedAt;
      if (known !== undefined && age < refreshedMs) return known.answer;
      asking ??= beat();
      if (known === undefined || age >= believedMs) return asking;
      asking.catch(() => undefined); // the next who asks hears it
      return known.answer;
    },
    forget() {
      era += 1;
      last = undefined;
      asking = undefined;
    },
  };
}
