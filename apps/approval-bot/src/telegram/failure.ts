import { GrammyError } from 'grammy';
import { messageOf } from '@actp/shared/errors';
import { isAboutChat, isAboutText, isMessageGone } from './refusal-texts.ts';

/** Why a call of the Bot API did not succeed, as far as the answer to it differs. */
export type Failure =
  /** Too many messages: nothing may be sent before. */
  | { kind: 'limited'; reason: string; retryAfterMs: number }
  /** Telegram is away or broken: try again soon. Whether the call took effect is unknown. */
  | { kind: 'away'; reason: string }
  /** Another program polls with this token, or a webhook is set. */
  | { kind: 'conflict'; reason: string }
  /** The group has become a supergroup, which has another id. */
  | { kind: 'moved'; reason: string; from: string; to: string }
  /** The token or the chat takes no messages: it stays so until somebody changes something. */
  | { kind: 'refused'; reason: string; about: 'chat' | 'token' }
  /** Telegram never takes this text, whatever the chat. */
  | { kind: 'bad_text'; reason: string }
  /** The message to change is gone, or cannot be changed any more. */
  | { kind: 'gone'; reason: string }
  /** Refused for a reason that is not known here: of the chat, maybe, or of this message. */
  | { kind: 'unclear'; reason: string };

// For a 429 that names no time.
const defaultRetryAfterSeconds = 5;

/**
 * Sorts what a call threw: by code where the code tells, else by Telegram's description. Descriptions change, so one that
 * is not known decides nothing: a message ends only for what is known to be about its text.
 */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof GrammyError)) return { kind: 'away', reason: messageOf(error) };
  const { error_code: code, description: reason } = error;
  if (code === 429 || /\b(?:FLOOD|SLOWMODE)_WAIT_\d/.test(reason)) {
    return { kind: 'limited', reason, retryAfterMs: retryAfterOf(error) };
  }
  if (code < 400 || code >= 500) return { kind: 'away', reason };
  if (code === 401 || code === 404) return { kind: 'refused', reason, about: 'token' };
  if (code === 403) return { kind: 'refused', reason, about: 'chat' };
  if (code === 409) return { kind: 'conflict', reason };
  const { migrate_to_chat_id: to } = error.parameters;
  if (to !== undefined && Number.isSafeInteger(to)) {
    return { kind: 'moved', reason, from: String(Reflect.get(error.payload, 'chat_id')), to: String(to) };
  }
  if (code === 400 && isAboutText(reason)) return { kind: 'bad_text', reason };
  if (isAboutChat(reason)) return { kind: 'refused', reason, about: 'chat' };
  return isMessageGone(reason) ? { kind: 'gone', reason } : { kind: 'unclear', reason };
}

function retryAfterOf({ parameters, description }: GrammyError): number {
  const named = /_WAIT_(\d{1,6})/.exec(description)?.[1];
  const seconds = parameters.retry_after ?? (named === undefined ? defaultRetryAfterSeconds : Number(named));
  return Math.max(1, seconds) * 1_000;
}
