import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { rateLimitKey } from '../http/client-address.ts';
import type { Limit, Limiter } from './limiter.ts';

/** Where somebody tries to log in from. */
export interface LoginOrigin {
  ip: string;
  local: boolean;
}

export const loginOriginOf = (c: Context<AppEnv>): LoginOrigin => ({
  ip: c.get('clientIp'),
  local: c.get('local'),
});

export interface LoginLimit {
  /** @throws AppError `rate_limited` when the account or the address has failed too often */
  assert(account: string, from: LoginOrigin): Promise<void>;
  /** A wrong password. @throws AppError `rate_limited` when it is one too many: who guesses learns nothing from it */
  failed(account: string, from: LoginOrigin): Promise<void>;
  /** The right one: the account starts anew. */
  succeeded(account: string): Promise<void>;
}

const windowMs = 15 * 60_000;
// People behind one address are several; each account has its own limit anyhow.
const accountsPerAddress = 3;

/**
 * Failed logins per account, from anywhere, and per client address. An attempt is weighed before its password is looked at
 * and again afterwards, so that a thousand guesses at once get no more answers than one after the other.
 *
 * @param failures per account and 15 minutes
 */
export function createLoginLimit(limiter: Limiter, failures: number): LoginLimit {
  const perAccount: Limit = { name: 'login', max: failures, windowMs };
  const perAddress: Limit = { name: 'login-ip', max: failures * accountsPerAddress, windowMs };

  const pairs = (account: string, { ip, local }: LoginOrigin) => [
    { limit: perAccount, key: keyOf(account) },
    ...(local ? [] : [{ limit: perAddress, key: rateLimitKey(ip) }]),
  ];

  async function assertAllowed(act: 'hit' | 'peek', account: string, from: LoginOrigin): Promise<void> {
    const counts = await Promise.all(pairs(account, from).map(({ limit, key }) => limiter[act](limit, key)));
    const refused = counts.filter(({ allowed }) => !allowed);
    if (refused.length === 0) return;
    const roomInMs = Math.max(...refused.map((count) => count.roomInMs));
    throw new AppError('rate_limited', 'too many failed logins; try again later', {
      retryAfter: Math.max(1, Math.ceil(roomInMs / 1_000)),
    });
  }

  return {
    assert: (account, from) => assertAllowed('peek', account, from),
    failed: (account, from) => assertAllowed('hit', account, from),
    succeeded: (account) => limiter.forget(perAccount, keyOf(account)),
  };
}

// What people type there goes nowhere as it is: it may be a password in the wrong field, or a megabyte.
const keyOf = (account: string) => createHash('sha256').update(account).digest('base64url').slice(0, 22);
