export interface DeskTimings {
  /** Pause between two messages to one chat: Telegram takes about one a second. */
  gapMs: number;
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  /** The longest pause: how soon cards come after Telegram has returned. */
  maxRetryMs: number;
  /** For a chat that Telegram refuses, and for an approval whose card it does not take. */
  refusedMs: number;
  /** How soon to try again while another copy is at work. */
  busyMs: number;
}

export const deskTimings: DeskTimings = {
  gapMs: 1_000,
  retryMs: 1_000,
  maxRetryMs: 5_000,
  refusedMs: 60_000,
  busyMs: 200,
};
