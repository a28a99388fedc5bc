export interface RepeatLimit {
  /**
   * Whether a line may be written now.
   *
   * @param key what makes it the same line
   * @param more writes how often it came beyond that, when its time is over
   */
  admit(key: string, more: (count: number) => void): boolean;
  /** Tells at once what has not been told. */
  flush(): void;
}

export interface RepeatLimitOptions {
  /** How often a line may come within the time. */
  burst?: number;
  windowMs?: number;
  /** Calls back after that time; a timer that keeps no process alive. */
  later?: (work: () => void, ms: number) => void;
}

interface Seen {
  count: number;
  more: (count: number) => void;
}

export const repeatWindowMs = 10_000;
const defaultBurst = 5;
// Lines that come beside each other; more of them means that they differ, and then each is written.
const mostKeys = 500;

/** Lets the first few of a line that repeats through and counts the rest, so that a fault cannot push older lines out of the log. */
export function createRepeatLimit(options: RepeatLimitOptions = {}): RepeatLimit {
  const { burst = defaultBurst, windowMs = repeatWindowMs, later = unrefTimer } = options;
  const seen = new Map<string, Seen>();

  function end(key: string, one: Seen): void {
    if (seen.get(key) !== one) return;
    seen.delete(key);
    if (one.count > burst) one.more(one.count - burst);
  }

  return {
    admit(key, more) {
      const known = seen.get(key);
      if (known !== undefined) {
        known.count += 1;
        return known.count <= burst;
      }
      if (seen.size >= mostKeys) return true;
      const one = { count: 1, more };
      seen.set(key, one);
      later(() => end(key, one), windowMs);
      return true;
    },
    flush() {
      for (const [key, one] of seen) end(key, one);
    },
  };
}

/** Calls back later; it keeps no process alive. */
export const unrefTimer = (work: () => void, ms: number) => void setTimeout(work, ms).unref();
