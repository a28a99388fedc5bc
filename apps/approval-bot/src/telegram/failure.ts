import { GrammyError } from 'grammy';
import { messageOf } from '@actp/shared/errors';

/** Why a call of the Bot API did not succeed, as far as the answer to it differs. */
export type Failure =
  /** Too many messages: nothing may be sent before. */
  | { kind: 'limited'; reason: string; retryAfterMs: number }
  /** Telegram is away or broken: try again soon. Whether the call took effect is unknown. */
  | { kind: 'away'; reason: string }
  /** Another program polls with this token, or a webhook is set. */
  | { kind: 'conflict'; reason: string }
  /** The token or the chat is wrong: it stays so until somebody changes the settings. */
  | { kind: 'refused'; reason: string }
  /** Telegram does not take this content, or does not know what it refers to. */
  | { kind: 'bad_request'; reason: string };

// For a 429 that names no time.
const defaultRetryAfterSeconds = 5;

/** Sorts what a call threw. It does not look at Telegram's texts: they change. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof GrammyError)) return { kind: 'away', reason: messageOf(error) };
  const reason = error.description;
  switch (error.error_code) {
    case 400:
      return { kind: 'bad_request', reason };
    case 401:
    case 403:
    case 404:
      return { kind: 'refused', reason };
    case 409:
      return { kind: 'conflict', reason };
    case 429: {
      const seconds = error.parameters.retry_after ?? defaultRetryAfterSeconds;
      return { kind: 'limited', reason, retryAfterMs: Math.max(1, seconds) * 1_000 };
    }
    default:
      return { kind: 'away', reason };
  }
}

/**
 * Whether an edit was refused because the message says that already, which is what it was to say. The Bot API tells it by
 * its text alone; were that to change, the state would be sent as a new message.
 */
export function isNotModified(error: unknown): boolean {
  return (
    error instanceof GrammyError &&
    error.error_code === 400 &&
    error.description.includes('message is not modified')
  );
}
