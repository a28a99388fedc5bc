import { retryAfter } from '../outside/error-replies.ts';
import { json, type ErrorReplies } from '../outside/route.ts';

export const statusBody = (code: number, message: string) => ({
  status: { timestamp: new Date().toISOString(), error_code: code, error_message: message },
});

const limited = statusBody(429, "You've exceeded the Rate Limit. Please visit the pricing page.");

export const errorReplies: ErrorReplies = {
  '429': (fault) => json(429, limited, retryAfter(fault)),
  quota_day: () => json(429, limited),
  quota_month: () => json(429, statusBody(10_006, 'You have reached the monthly credit limit of your plan.')),
  '200_with_error_body': () => json(200, limited),
  '5xx_after_effect': (fault) => json(fault.status ?? 500, { error: 'internal error' }),
  '5xx_before_effect': (fault) => json(fault.status ?? 503, { error: 'unavailable' }),
};
