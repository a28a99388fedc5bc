import { AppError } from '@actp/shared/errors';
import { largeBytes } from '../large-bodies/sizes.ts';

/** The place of one piece of work that costs much: of a large body, or of a registration. */
export interface Slot {
  /**
   * Takes the place, once: as soon as the work is known to be large. Waits a while for one to become free.
   *
   * @throws AppError `rate_limited` when its caller has too many, `unavailable` when all have
   */
  take(): Promise<void>;
  free(): void;
}

export interface SlotLimits {
  mostOfOne: number;
  mostOfAll: number;
  /** How many may wait for a place: nothing of their work is done yet, so they cost a connection each. */
  mostWaiting: number;
  /** How many of these may be of one caller; by default all. */
  mostWaitingOfOne?: number;
  waitMs: number;
  /** What has places, as who is refused is told. */
  work?: string;
}

const defaults: SlotLimits = { mostOfOne: 4, mostOfAll: 8, mostWaiting: 64, waitMs: 5_000 };
const largeBodies = `bodies larger than ${largeBytes} bytes`;

interface Waiter {
  caller: string;
  grant: () => void;
}

/** Counts what is under way at this moment, in all and of each caller. */
export function createSlots(limits: SlotLimits = defaults): (caller: string) => Slot {
  const {
    mostOfOne,
    mostOfAll,
    mostWaiting,
    mostWaitingOfOne = mostWaiting,
    waitMs,
    work = largeBodies,
  } = limits;
  const taken = new Map<string, number>();
  const waiters = new Set<Waiter>();
  let all = 0;

  const waitingOf = (caller: string) => [...waiters].filter((waiter) => waiter.caller === caller).length;
  const hasRoom = (caller: string) => all < mostOfAll && (taken.get(caller) ?? 0) < mostOfOne;

  function add(caller: string, change: 1 | -1): void {
    all += change;
    const own = (taken.get(caller) ?? 0) + change;
    if (own === 0) taken.delete(caller);
    else taken.set(caller, own);
  }

  /** Whether there was a place in time. */
  function wait(caller: string): Promise<boolean> {
    if (waiters.size >= mostWaiting || waitingOf(caller) >= mostWaitingOfOne) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiter = {
        caller,
        grant() {
          clearTimeout(late);
          resolve(true);
        },
      };
      const late = setTimeout(() => {
        waiters.delete(waiter);
        resolve(false);
      }, waitMs);
      waiters.add(waiter);
    });
  }

  // In the order in which they came, but nobody waits because another caller has too many.
  function passOn(): void {
    for (const waiter of waiters) {
      if (!hasRoom(waiter.caller)) continue;
      waiters.delete(waiter);
      add(waiter.caller, 1);
      waiter.grant();
    }
  }

  function refusal(caller: string): AppError {
    const own = (taken.get(caller) ?? 0) >= mostOfOne;
    const rule = `at most ${own ? mostOfOne : mostOfAll} ${work} at a time${own ? ' for one caller' : ''}`;
    return new AppError(own ? 'rate_limited' : 'unavailable', rule, {
      retryAfter: Math.ceil(waitMs / 1_000),
    });
  }

  return (caller) => {
    let has = false;
    return {
      async take() {
        if (has) return;
        if (hasRoom(caller)) add(caller, 1);
        else if (!(await wait(caller))) throw refusal(caller);
        has = true;
      },
      free() {
        if (!has) return;
        has = false;
        add(caller, -1);
        passOn();
      },
    };
  };
}
