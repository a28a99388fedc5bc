const minute = 60;
const hour = 60 * minute;

// Quick at first, for a restart; then for outages of a night. Together 24 hours.
const pauses = [5, 25, 90, 8 * minute, 20 * minute, 90 * minute, 4 * hour, 8 * hour, 10 * hour];

/**
 * How long to wait after an attempt that failed, in seconds.
 *
 * @param attempt which one it was, from 1
 * @returns undefined when it was the last
 */
export function pauseAfter(attempt: number): number | undefined {
  return pauses[attempt - 1];
}
