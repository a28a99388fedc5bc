import { Stripe } from 'stripe';
import type { EffectAnswer } from '../effect-answer.ts';
import type { CallResult } from '../http/call.ts';
import { retryAfterMs } from '../http/retry-after.ts';

type Intent = Pick<Stripe.PaymentIntent, 'id' | 'status'>;

/** What the state of a payment says of it. */
export function readIntent({ id, status }: Intent): EffectAnswer {
  if (status === 'succeeded') return { state: 'done', reference: id };
  if (ended.has(status)) {
    return { state: 'not_done', reason: `Stripe did not carry out the payment (${status}).` };
  }
  // The key only brings the first answer again: what has become of it shows when it is looked up.
  return { ...unknown(`the payment is ${word(status)}`), afterMs: 5_000 };
}

/** States in which it goes no further by itself. */
const ended: ReadonlySet<Intent['status']> = new Set([
  'requires_action',
  'requires_confirmation',
  'requires_payment_method',
  'canceled',
]);

/** What an attempt that brought no payment says of it. */
export function readFailure(error: unknown, result: CallResult | undefined): EffectAnswer {
  if (result === undefined) return unknown('the request could not be made');
  if (result.kind === 'not_sent') return { state: 'later', reason: `Stripe: ${result.reason}.` };
  if (result.kind !== 'answer') return unknown(result.reason);
  const { status, headers } = result;
  // Errors of Stripe itself are kept under the key like any answer. Asking again brings the same, and does no harm; it is the look-up that helps.
  if (!(error instanceof Stripe.errors.StripeError) || !refusals.has(error.rawType ?? '')) {
    return unknown(`it answered ${status}`);
  }
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    return { state: 'later', reason: 'Stripe: too many requests.', afterMs: retryAfterMs(headers) ?? 1_000 };
  }
  if (status === 409) {
    return { ...unknown('the same payment is being made'), afterMs: retryAfterMs(headers) ?? 1_000 };
  }
  // Another payment was asked for under this key, and perhaps made.
  if (error instanceof Stripe.errors.StripeIdempotencyError)
    return { ...unknown('its key was used before'), again: false };
  if (!notDone.has(status)) return unknown(`it answered ${status}`);
  return { state: 'not_done', reason: `Stripe refused the payment (${word(error.code ?? String(status))}).` };
}

const refusals = new Set(['card_error', 'invalid_request_error', 'idempotency_error', 'rate_limit_error']);
const notDone = new Set([400, 401, 402, 403, 404]);

const unknown = (reason: string) =>
  ({ state: 'unknown', reason: `Stripe: ${reason}.`, again: true }) as const;

const word = (text: unknown): string => (/^\w{1,60}$/.test(String(text)) ? String(text) : 'unclear');
