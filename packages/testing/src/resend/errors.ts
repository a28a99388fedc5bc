import { retryAfter } from '../outside/error-replies.ts';
import { json, type ErrorReplies, type OutsideReply } from '../outside/route.ts';

export const resendError = (
  statusCode: number,
  name: string,
  message: string,
  headers?: Record<string, string>,
): OutsideReply => json(statusCode, { statusCode, name, message }, headers);

export const errorReplies: ErrorReplies = {
  '429': (fault) =>
    resendError(
      429,
      'rate_limit_exceeded',
      'Too many requests. You can only make 2 requests per second.',
      retryAfter(fault),
    ),
  quota_day: () =>
    resendError(429, 'daily_quota_exceeded', 'You have reached your daily email sending quota.'),
  quota_month: () =>
    resendError(429, 'monthly_quota_exceeded', 'You have reached your monthly email sending quota.'),
  key_conflict_409: () =>
    resendError(
      409,
      'concurrent_idempotent_requests',
      'Same idempotency key used while the original request is in progress.',
    ),
  '200_with_error_body': () => ({
    ...resendError(500, 'application_error', 'An unexpected error occurred.'),
    status: 200,
  }),
  '5xx_after_effect': (fault) =>
    resendError(fault.status ?? 500, 'internal_server_error', 'An unexpected error occurred.'),
  '5xx_before_effect': (fault) =>
    resendError(fault.status ?? 500, 'application_error', 'An unexpected error occurred.'),
  reconcile_unavailable: () => resendError(500, 'application_error', 'An unexpected error occurred.'),
};
