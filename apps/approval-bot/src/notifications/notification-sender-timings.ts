export interface NotificationSenderTimings {
  /** First pause after a failure; doubled each time. */
  retryMs: number;
  /** The longest pause while Telegram is away: how soon messages come after it has returned. */
  maxRetryMs: number;
  /** The longest pause while the token or the chat is refused, which only a person can change. */
  refusedMs: number;
}

export const notificationSenderTimings: NotificationSenderTimings = {
  retryMs: 1_000,
  maxRetryMs: 15_000,
  refusedMs: 30_000,
};
