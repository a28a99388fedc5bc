import { z } from 'zod';
import type { EffectAnswer } from './effect-answer.ts';
import type { CallResult } from './http/call.ts';
import { parseJson } from './http/parse-json.ts';
import { retryAfterMs } from './http/retry-after.ts';

const Sent = z.object({ id: z.string().min(1).max(200) });
const Refused = z.object({ statusCode: z.int(), name: z.string(), message: z.string() });

/** Statuses that say nothing about whether the mail has left. */
const undecided = new Set([408, 409, 425]);

/** What Resend's answer says of the mail. What it does not surely say is unknown: the same key may then be used again. */
export function readResendAnswer(result: CallResult): EffectAnswer {
  if (result.kind === 'not_sent') return { state: 'later', reason: `Resend: ${result.reason}.` };
  if (result.kind !== 'answer') return unknown(result.reason);
  const { status, headers, text } = result;
  const body = parseJson(text);
  if (status === 200) {
    const sent = Sent.safeParse(body);
    return sent.success
      ? { state: 'done', reference: sent.data.id }
      : unknown('its answer does not name a mail');
  }
  const refused = Refused.safeParse(body);
  if (!refused.success || refused.data.statusCode !== status) return unknown(`it answered ${status}`);
  const { name } = refused.data;
  // A mail of another text has been asked for under this key, perhaps sent: whoever asks again will hear the same.
  if (name === 'invalid_idempotent_request') return { ...unknown('its key was used before'), again: false };
  if (name === 'concurrent_idempotent_requests') {
    return { ...unknown('the same mail is being sent'), afterMs: retryAfterMs(headers) ?? 1_000 };
  }
  if (name === 'daily_quota_exceeded' || name === 'monthly_quota_exceeded') {
    return { state: 'not_done', reason: `Resend: the quota is used up (${name}).` };
  }
  if (status === 429) {
    return { state: 'later', reason: 'Resend: too many requests.', afterMs: retryAfterMs(headers) ?? 1_000 };
  }
  if (status < 400 || status >= 500 || undecided.has(status)) return unknown(`it answered ${status}`);
  return { state: 'not_done', reason: `Resend refused the mail (${status} ${word(name)}).` };
}

const unknown = (reason: string) =>
  ({ state: 'unknown', reason: `Resend: ${reason}.`, again: true }) as const;

/** The name of an error, in case it is none. */
const word = (name: string): string => (/^[a-z_]{1,60}$/.test(name) ? name : 'error');
