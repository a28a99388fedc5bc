import { z } from 'zod';
import type { CallResult } from '../http/call.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import type { ProviderErrorKind } from '../provider-error.ts';

/** Why an attempt brought no answer. */
export interface Failure {
  kind: ProviderErrorKind;
  /** What the service did, after its name: "did not answer in time". */
  what: string;
  /** Whether the same service may be asked once more. */
  again: boolean;
  /** How long it wants to be left alone. */
  afterMs?: number | undefined;
  /** Tokens were surely spent, and the answer does not say how many. */
  spent?: boolean;
}

type Answer = Extract<CallResult, { kind: 'answer' }>;

// What has taken all of its time once may do so again.
export const outOfTime: Failure = { kind: 'unavailable', what: 'did not answer in time', again: false };

/** Reads what became of a call that brought no text of a model. */
export function failureOf(result: CallResult, timedOut: boolean): Failure {
  if (timedOut && (result.kind === 'lost' || result.kind === 'not_sent')) return outOfTime;
  switch (result.kind) {
    case 'not_sent':
      return { kind: 'unavailable', what: 'cannot be reached', again: true };
    case 'lost':
      return { kind: 'unavailable', what: 'broke off the connection', again: true };
    case 'unreadable':
      return result.status >= 400
        ? byStatus(result.status, {})
        : { kind: 'unreadable', what: 'gave an answer that cannot be read', again: result.status < 300 };
    case 'answer':
      return result.status < 300
        ? { kind: 'unreadable', what: 'gave no usable answer', again: true }
        : byStatus(result.status, wordsOf(result));
  }
}

function byStatus(status: number, { afterMs, dayUsedUp, schemaFailed, keyRefused }: Words): Failure {
  if (schemaFailed === true) {
    return { kind: 'unreadable', what: 'gave an answer of another form', again: true, spent: true };
  }
  if (keyRefused === true || status === 401) {
    return { kind: 'not_configured', what: 'does not take its key', again: false };
  }
  if (dayUsedUp === true || status === 402) {
    return { kind: 'limited', what: 'has used up its quota', again: false, afterMs };
  }
  if (status === 429 || status === 498) {
    return { kind: 'limited', what: 'has too many requests', again: true, afterMs };
  }
  if (status >= 500 || status === 408) {
    return { kind: 'unavailable', what: `has a fault (${status})`, again: true, afterMs };
  }
  return { kind: 'refused', what: `refuses the request (${status})`, again: false };
}

interface Words {
  afterMs?: number | undefined;
  dayUsedUp?: boolean;
  schemaFailed?: boolean;
  keyRefused?: boolean;
}

const Detail = z.looseObject({
  reason: z.string().optional().catch(undefined),
  retryDelay: z.string().optional().catch(undefined),
  violations: z
    .array(z.looseObject({ quotaId: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});
const Body = z.looseObject({
  error: z.looseObject({
    message: z.string().catch(''),
    code: z.unknown(),
    details: z.array(Detail).optional().catch(undefined),
  }),
});

/** What the body of an error says that its status does not. Groq tells how long to wait in a header, Gemini in the body. */
function wordsOf({ headers, text }: Answer): Words {
  const header = retryAfterMs(headers);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { afterMs: header };
  }
  const { data } = Body.safeParse(body);
  if (data === undefined) return { afterMs: header };
  const details = data.error.details ?? [];
  const quotas = details.flatMap(({ violations }) => violations ?? []).map(({ quotaId }) => quotaId ?? '');
  const delay = details.map(({ retryDelay }) => secondsOf(retryDelay)).find((ms) => ms !== undefined);
  return {
    afterMs: header ?? delay,
    dayUsedUp:
      quotas.some((quota) => quota.includes('PerDay')) ||
      /\bper day \((?:RPD|TPD)\)/.test(data.error.message),
    schemaFailed: data.error.code === 'json_validate_failed',
    keyRefused: details.some(({ reason }) => reason === 'API_KEY_INVALID'),
  };
}

/** `31s` or `0.5s`, as Google writes durations. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, seconds] = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(duration ?? '') ?? [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1_000);
}
