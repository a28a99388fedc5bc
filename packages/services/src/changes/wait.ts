import type { ChangeHub, Versioned } from './hub.ts';

/**
 * Reads something as soon as it satisfies the caller, or as it is when the time is over.
 *
 * @param forMs how long to wait at most; 0 reads once
 * @param satisfied for instance "no longer pending"
 * @param gone the caller went away
 */
export async function waitForChange<T extends Versioned>(
  hub: ChangeHub<T>,
  id: string,
  forMs: number,
  satisfied: (state: T) => boolean,
  gone: AbortSignal,
): Promise<T> {
  const over = AbortSignal.any([gone, hub.closing, AbortSignal.timeout(forMs)]);
  const follower = hub.follow(id);
  try {
    for (;;) {
      const state = await follower.look();
      if (forMs === 0 || satisfied(state) || !(await follower.changed(over))) return state;
    }
  } finally {
    follower.end();
  }
}
