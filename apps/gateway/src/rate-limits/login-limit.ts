import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import { originOf } from '../audit/origin.ts';
import { rateLimitKey } from '../http/client-address.ts';
import { headerOf } from '../http/header-of.ts';
import type { Limit, Limiter } from './limiter.ts';
import type { Count } from './sliding-window.ts';

/** Where somebody tries to log in from. */
export interface LoginOrigin {
  ip: string;
  local: boolean;
  userAgent?: string;
  /** As it was presented; it may be anything. */
  deviceToken?: string | undefined;
}

export const loginOriginOf = (c: Context<AppEnv>): LoginOrigin => ({
  ip: c.get('clientIp'),
  local: c.get('local'),
  userAgent: originOf(c).user_agent,
  deviceToken: headerOf(c, 'x-device-token'),
});

/** What somebody tries to log in to. */
export interface LoginAccount {
  /** The id of the account, or what was typed. */
  key: string;
  /** Undefined when there is no such account. */
  email: string | undefined;
  /** A device that has logged in to this account before. */
  device: string | undefined;
}

export interface LoginLimit {
  /** @throws AppError `rate_limited` when there were too many failures */
  assert(account: LoginAccount, from: LoginOrigin): Promise<void>;
  /** A wrong password. @throws AppError `rate_limited` when it is one too many: who guesses learns nothing from it */
  failed(account: LoginAccount, from: LoginOrigin): Promise<void>;
  /** The right one: this address, or this device, starts anew with the account. */
  succeeded(account: LoginAccount, from: LoginOrigin): Promise<void>;
}

/** What was reached by a failed login. */
export interface LimitReached {
  by: 'address' | 'account' | 'device';
  failures: number;
}

const windowMs = 15 * 60_000;
// People behind one address are several; each account has its own limit anyhow.
const accountsPerAddress = 3;
// Guessing from many addresses at once is slower than that, and known devices do not suffer from it.
const addressesPerAccount = 10;
const devicesPerAccount = 3;

/**
 * Failed logins per account and client address, per account from everywhere, and per address. A device that has logged in before has a
 * count of its own, so that others cannot lock it out. An attempt is weighed before its password is looked at and again afterwards, so
 * that a thousand guesses at once get no more answers than one after the other.
 *
 * @param failures per account and address, in 15 minutes
 * @param reached called when a failed login has used up a limit
 */
export function createLoginLimit(
  limiter: Limiter,
  failures: number,
  reached: (what: LimitReached, account: LoginAccount, from: LoginOrigin) => void = () => undefined,
): LoginLimit {
  const limitOf = (name: string, times: number): Limit => ({ name, max: failures * times, windowMs });
  const perPair = limitOf('login', 1);
  const perAddress = limitOf('login-ip', accountsPerAddress);
  const perAccount = limitOf('login-account', addressesPerAccount);
  const perDevice = limitOf('login-device', 1);
  const perDevices = limitOf('login-devices', devicesPerAccount);

  const own = ({ key, device }: LoginAccount, { ip }: LoginOrigin) =>
    device === undefined
      ? ({ by: 'address', limit: perPair, key: keyOf(`${key}\n${rateLimitKey(ip)}`) } as const)
      : ({ by: 'device', limit: perDevice, key: keyOf(`${key}\n${device}`) } as const);

  const all = (account: LoginAccount, from: LoginOrigin) => [
    own(account, from),
    ...(from.local || account.device !== undefined
      ? []
      : [{ by: 'address', limit: perAddress, key: rateLimitKey(from.ip) } as const]),
    {
      by: 'account',
      limit: account.device === undefined ? perAccount : perDevices,
      key: keyOf(account.key),
    } as const,
  ];

  function assertRoom(refused: readonly Count[]): void {
    if (refused.length === 0) return;
    const roomInMs = Math.max(...refused.map((count) => count.roomInMs));
    throw new AppError('rate_limited', 'too many failed logins; try again later', {
      retryAfter: Math.max(1, Math.ceil(roomInMs / 1_000)),
    });
  }

  return {
    async assert(account, from) {
      const counts = await Promise.all(all(account, from).map(({ limit, key }) => limiter.peek(limit, key)));
      assertRoom(counts.filter(({ allowed }) => !allowed));
    },
    async failed(account, from) {
      // One after the other: what the address's own limit refuses does not use up that of the account.
      for (const { by, limit, key } of all(account, from)) {
        const count = await limiter.hit(limit, key);
        if (count.used >= limit.max) reached({ by, failures: limit.max }, account, from);
        assertRoom(count.allowed ? [] : [count]);
      }
    },
    async succeeded(account, from) {
      const { limit, key } = own(account, from);
      await limiter.forget(limit, key);
    },
  };
}

// What people type there goes nowhere as it is: it may be a password in the wrong field, or a megabyte.
const keyOf = (account: string) => createHash('sha256').update(account).digest('base64url').slice(0, 22);
