export interface Backoff {
  /** The pause after one more failure, in milliseconds. */
  next(): number;
  reset(): void;
}

/** Cooldowns that double with each failure, from `firstMs` up to `maxMs`. */
export function createBackoff(firstMs: number, maxMs: number): Backoff {
  let failures = 0;
  return {
    next() {
      failures += 1;
      return Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 20));
    },
    reset() {
      failures = 0;
    },
  };
}
