/** How long ago that was: `3 h`, `12 min`, `40 s`. */
export function ageOf(since: string, now: number): string {
  return durationOf(now - Date.parse(since));
}

const units = [
  ['days', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** In the largest unit of which there are at least two. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [unit, size] = units.find(([, length]) => seconds >= 2 * length) ?? ['s', 1];
  return `${Math.round(seconds / size)} ${unit}`;
}
