import { randomUUID } from 'node:crypto';
import type { Fault } from '../outside/faults.ts';
import type { OutsideReply } from '../outside/route.ts';

/** Live answers say `error`; the documentation's example has a list, `errors`. */
export type ErrorShape = 'error' | 'errors';

interface BraveError {
  status: number;
  code: string;
  detail: string;
  meta: Record<string, unknown>;
}

export function errorReply({ status, code, detail, meta }: BraveError, shape: ErrorShape): OutsideReply {
  const error = { id: randomUUID(), status, code, detail, meta };
  const body = { type: 'ErrorResponse', time: Math.floor(Date.now() / 1_000) };
  return {
    status,
    body: shape === 'error' ? { ...body, error } : { ...body, errors: [error] },
  };
}

export const wrongKey: BraveError = {
  status: 422,
  code: 'SUBSCRIPTION_TOKEN_INVALID',
  detail: 'The provided subscription token is invalid.',
  meta: { component: 'authentication' },
};

export const invalid = (loc: readonly string[], msg: string): BraveError => ({
  status: 422,
  code: 'VALIDATION',
  detail: 'Unable to validate request parameter(s)',
  meta: { errors: [{ type: 'value_error', loc, msg, input: null }] },
});

const limiter = {
  component: 'rate_limiter',
  plan: 'Free',
  rate_limit: 1,
  rate_current: 1,
  quota_limit: 2_000,
};

export const rateLimited: BraveError = {
  status: 429,
  code: 'RATE_LIMITED',
  detail: 'Request rate limit exceeded for plan.',
  meta: { ...limiter, quota_current: 12 },
};

export const quotaUsedUp: BraveError = {
  status: 429,
  code: 'QUOTA_LIMITED',
  detail: 'Quota limit exceeded for plan.',
  meta: { ...limiter, quota_current: 2_000 },
};

export const unavailable = ({ status }: Fault): BraveError => ({
  status: status ?? 503,
  code: 'INTERNAL',
  detail: 'Internal server error',
  meta: {},
});
