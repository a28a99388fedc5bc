import { UnavailableError } from '@actp/shared/errors';

export interface DatabasePulse {
  /** @throws UnavailableError unless the database has answered within the last quarter of a second, or answers now */
  assert(): Promise<void>;
}

// Longer ago than this proves nothing: who asks waits for an answer.
const believedMs = 250;
// Under load it is asked before that, so that nobody waits.
const refreshedMs = 100;

/**
 * Whether the database is there, for those who must not go on without it and have nothing to ask it themselves. Many callers
 * share one question; without callers none is put.
 *
 * @param ask something cheap, with a time-out; throws when there is no answer
 * @param now milliseconds on a clock that never goes back
 */
export function createDatabasePulse(
  ask: () => Promise<unknown>,
  now = () => performance.now(),
): DatabasePulse {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function beat(): Promise<void> {
    // What was true when it was asked: the answer may have been under way for long.
    const askedAt = now();
    try {
      await ask();
      answeredAt = askedAt;
    } catch (error) {
      answeredAt = Number.NEGATIVE_INFINITY;
      throw new UnavailableError('the database', { cause: error });
    } finally {
      asking = undefined;
    }
  }

  return {
    async assert() {
      const age = now() - answeredAt;
      if (age < refreshedMs) return;
      asking ??= beat();
      if (age >= believedMs) return asking;
      asking.catch(() => undefined); // the next who asks hears it
    },
  };
}
