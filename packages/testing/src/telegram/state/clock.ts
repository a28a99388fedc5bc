/** Milliseconds since 1970; tests put their own in place of `Date.now`. */
export type Clock = () => number;

/** Telegram's dates are whole seconds. */
export function seconds(clock: Clock): number {
  return Math.floor(clock() / 1000);
}
