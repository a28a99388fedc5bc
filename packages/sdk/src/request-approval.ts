import type { Approval } from './approval.ts';
import type { Calls } from './calls.ts';
import { canonicalJson } from './canonical-json.ts';
import { ActpError } from './errors.ts';
import { isRecord } from './problem.ts';
import { workKey } from './work-key.ts';

export interface AskOptions {
  /**
   * Names this piece of work, for instance an order number. The same action, details and `workId` of the same agent are
   * the same work, which is asked about once and done once; the same work wanted again needs another one.
   */
  workId?: string | undefined;
  /** The Telegram chat to ask in; the plane has to know it. */
  chatId?: string | undefined;
  /** Why, in the agent's words. */
  reason?: string | undefined;
  /** How long a person has to answer; can only shorten what the plane allows. */
  ttlSeconds?: number | undefined;
  /** Told of the decision by the plane (a signed webhook). */
  callbackUrl?: string | undefined;
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A copy of details that nobody can change between the question and the act. @throws ActpError `invalid_argument` */
export function snapshotOf<D extends object>(details: D): D {
  if (!isRecord(details)) throw new ActpError('invalid_argument', 'details must be an object');
  // What went through JSON has the type that it had, as far as it is JSON.
  return JSON.parse(canonicalJson(details)) as D;
}

/** The fields of an approval beside action and details, as the gateway takes them. */
export const fieldsOf = ({ reason, ttlSeconds, chatId, callbackUrl }: AskOptions) => ({
  reason,
  ttl_seconds: ttlSeconds,
  chat_id: chatId,
  callback_url: callbackUrl,
});

/** Asks a person, or finds the approval that was asked for about the same work before. */
export async function askForApproval(
  deps: { calls: Calls; agentId: string },
  action: string,
  details: object,
  options: AskOptions,
): Promise<Approval> {
  const { workId, signal } = options;
  const key = await workKey({ action, details, agentId: deps.agentId, workId });
  const body = { action, details, ...fieldsOf(options) };
  try {
    return await deps.calls.request(body, key, signal);
  } catch (error) {
    throw asMismatch(error);
  }
}

/** The same error, and what to do about it where the same work was asked about otherwise. */
export function asMismatch(error: unknown): unknown {
  if (!(error instanceof ActpError && error.code === 'idempotency_mismatch')) return error;
  const message =
    'this work was asked about before with another reason, chat, lifetime or callback: repeat those, or give another workId';
  return new ActpError(error.code, message, {
    cause: error,
    ...(error.problem && { problem: error.problem }),
  });
}
