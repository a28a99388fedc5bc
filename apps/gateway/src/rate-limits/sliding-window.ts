/** What became of one attempt. */
export interface Count {
  allowed: boolean;
  /** How many of the window are used, this attempt included; above the limit when it was refused. */
  used: number;
  /** Milliseconds until the oldest of them leaves the window and makes room. */
  roomInMs: number;
}

export interface SlidingWindow {
  /** Whether a key is counted here, or can be: there are only so many at once. */
  hasRoomFor(key: string): boolean;
  /** Counts an attempt, or refuses it and counts nothing. */
  hit(key: string, limit: number, windowMs: number): Count;
  /** What `hit` would answer, without counting. */
  peek(key: string, limit: number, windowMs: number): Count;
  /** Takes the latest attempt back. */
  undo(key: string): void;
  forget(key: string): void;
  /** Drops what has left its window. */
  sweep(): void;
}

interface Log {
  /** Milliseconds on the given clock, oldest first; those before `from` have left the window. */
  times: number[];
  from: number;
  windowMs: number;
}

/**
 * Attempts of the last window, one time for each: no span as long as the window ever holds more than the limit, also not
 * across the edge of two minutes, which is where counters per minute let twice as many through.
 *
 * @param maxKeys keys after which there is no room for more
 * @param now milliseconds on a clock that does not go back
 */
export function createSlidingWindow({
  maxKeys = 50_000,
  now = () => performance.now(),
}: { maxKeys?: number; now?: () => number } = {}): SlidingWindow {
  const logs = new Map<string, Log>();

  function look(log: Log, at: number): void {
    while (log.from < log.times.length && (log.times[log.from] ?? 0) <= at - log.windowMs) log.from += 1;
    // Cut seldom, so that leaving costs nothing per attempt.
    if (log.from > 64 && log.from * 2 > log.times.length) {
      log.times = log.times.slice(log.from);
      log.from = 0;
    }
  }

  function count(log: Log | undefined, limit: number, windowMs: number, at: number): Count {
    if (log) look(log, at);
    const before = log ? log.times.length - log.from : 0;
    const oldest = log?.times[log.from] ?? at;
    return { allowed: before < limit, used: before + 1, roomInMs: Math.max(0, oldest + windowMs - at) };
  }

  return {
    hasRoomFor: (key) => logs.has(key) || logs.size < maxKeys,
    hit(key, limit, windowMs) {
      const log = logs.get(key) ?? { times: [], from: 0, windowMs };
      logs.set(key, log);
      const at = now();
      const counted = count(log, limit, windowMs, at);
      if (counted.allowed) log.times.push(at);
      return counted;
    },
    peek: (key, limit, windowMs) => count(logs.get(key), limit, windowMs, now()),
    undo(key) {
      const log = logs.get(key);
      if (log && log.times.length > log.from) log.times.pop();
    },
    forget: (key) => void logs.delete(key),
    sweep() {
      const at = now();
      for (const [key, log] of logs) {
        look(log, at);
        if (log.from >= log.times.length) logs.delete(key);
      }
    },
  };
}
