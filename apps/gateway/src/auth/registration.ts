import { isLoopback } from '@actp/shared/loopback';

/** Who makes accounts of users: everybody their own, or operators alone. */
export type Registration = 'open' | 'closed';

/**
 * REGISTRATION, or what it is when it is not set: open where only this machine reaches the gateway, closed where others do.
 *
 * @param host GATEWAY_HOST
 */
export function registrationOf(set: Registration | undefined, host: string): Registration {
  return set ?? (isLoopback(host) ? 'open' : 'closed');
}
