import { retryAfter } from '../outside/error-replies.ts';
import { json, type OutsideReply } from '../outside/route.ts';

export const stripeError = (
  status: number,
  type: string,
  message: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): OutsideReply => json(status, { error: { type, message, ...more } }, headers);

const limited = { code: 'rate_limit' };

/** How Stripe words faults. What it answers after it has begun is kept under the key, so that it answers the same again. */
export const stripeErrorReplies = (keep: (key: string | undefined, reply: OutsideReply) => void) => ({
  '429': (fault: Parameters<typeof retryAfter>[0]) =>
    stripeError(429, 'invalid_request_error', 'Request rate limit exceeded.', limited, retryAfter(fault)),
  quota_day: () => stripeError(429, 'invalid_request_error', 'Request rate limit exceeded.', limited),
  quota_month: () => stripeError(429, 'invalid_request_error', 'Request rate limit exceeded.', limited),
  key_conflict_409: () =>
    stripeError(409, 'idempotency_error', 'There is currently another in-progress request using this key.', {
      code: 'idempotency_key_in_use',
    }),
  '200_with_error_body': () => ({ ...stripeError(500, 'api_error', 'An error occurred.'), status: 200 }),
  '5xx_after_effect': (
    fault: { status?: number | undefined },
    request: { idempotencyKey: string | undefined },
  ) => {
    const reply = stripeError(fault.status ?? 500, 'api_error', 'An unknown error occurred.');
    keep(request.idempotencyKey, reply);
    return reply;
  },
  '5xx_before_effect': (fault: { status?: number | undefined }) =>
    stripeError(fault.status ?? 503, 'api_error', 'Service unavailable.'),
  reconcile_unavailable: () => stripeError(503, 'api_error', 'Service unavailable.'),
});
