import { z } from 'zod';
import { retryAfterMs } from '../http/retry-after.ts';
import { ProviderError } from '../provider-error.ts';

const day = 86_400_000;

type Headers = Parameters<typeof retryAfterMs>[0];

const One = z.looseObject({
  code: z.string(),
  meta: z.unknown(),
});
// Live answers have `error`, the documentation's example a list.
const ErrorBody = z.union([
  z.looseObject({ error: One }).transform(({ error }) => error),
  z.looseObject({ errors: z.tuple([One], z.unknown()) }).transform(({ errors }) => errors[0]),
]);
const Validation = z.looseObject({ errors: z.array(z.looseObject({ loc: z.array(z.unknown()) })) });

export const keyMissing = (): ProviderError =>
  new ProviderError('not_configured', 'Web search is not set up: it needs BRAVE_API_KEY.');

/** What an answer of the service means that is not one of a search. */
export function errorOf(status: number, body: unknown, headers: Headers): ProviderError {
  const parsed = ErrorBody.safeParse(body);
  const code = parsed.success ? parsed.data.code : '';
  if (isAboutKey(status, code, parsed.data?.meta))
    return new ProviderError('not_configured', 'Brave Search does not accept the key in BRAVE_API_KEY.');
  if (code === 'QUOTA_LIMITED' || (status === 429 && isMonthUsedUp(headers)))
    return new ProviderError('limited', 'The searches of this month at Brave Search are used up.', {
      retryAfterMs: resetMs(headers, 1) ?? day,
    });
  if (status === 429 || code === 'RATE_LIMITED') {
    const wait = retryAfterMs(headers) ?? resetMs(headers, 0);
    return new ProviderError('limited', 'Brave Search allows no more searches at the moment.', {
      ...(wait !== undefined && { retryAfterMs: wait }),
    });
  }
  if (status >= 400 && status < 500)
    return new ProviderError('refused', 'Brave Search does not take this search.');
  return new ProviderError('unavailable', 'Brave Search has a fault at the moment.');
}

function isAboutKey(status: number, code: string, meta: unknown): boolean {
  // A 403 in HTML comes from a network in between, which knows no keys.
  if (status === 401 || (status === 403 && code !== '')) return true;
  if (code === 'SUBSCRIPTION_TOKEN_INVALID' || code === 'SUBSCRIPTION_NOT_FOUND') return true;
  const { data } = Validation.safeParse(meta);
  return data?.errors.some(({ loc }) => String(loc[1]).toLowerCase() === 'x-subscription-token') ?? false;
}

/** Of a header with two windows, the second's and the month's. */
function windowsOf(headers: Headers, name: string): (number | undefined)[] {
  const parts = headers.get(name)?.split(',') ?? [];
  return parts.map((part) => (/^\s*\d{1,12}(?:\.\d+)?\s*$/.test(part) ? Number(part) : undefined));
}

function isMonthUsedUp(headers: Headers): boolean {
  const limit = windowsOf(headers, 'x-ratelimit-limit')[1];
  const left = windowsOf(headers, 'x-ratelimit-remaining')[1];
  // A limit of 0 says that the plan has no cap.
  return limit !== undefined && limit > 0 && left === 0;
}

/** When a window begins anew: the second's is the first, the month's the one after it. */
function resetMs(headers: Headers, window: 0 | 1): number | undefined {
  const seconds = windowsOf(headers, 'x-ratelimit-reset')[window];
  return seconds === undefined ? undefined : Math.ceil(seconds * 1_000);
}
