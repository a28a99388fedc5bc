export interface CardSenderTimings {
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  /** The longest pause while Telegram is away: how soon cards come after it has returned. */
  maxRetryMs: number;
  /** The longest pause while a chat refuses cards, and the pause of an approval whose card Telegram does not take. */
  refusedMs: number;
  /** How soon to try again while another copy is at work. */
  busyMs: number;
}

export const cardSenderTimings: CardSenderTimings = {
  retryMs: 1_000,
  maxRetryMs: 5_000,
  refusedMs: 30_000,
  busyMs: 200,
};
